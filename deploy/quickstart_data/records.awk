# From registrants.tsv, pci.ids and usb.ids to import files for each registrant.
#
#   awk -v out=DIR -f csv.awk -f records.awk registrants.tsv pci.ids usb.ids
#
# Writes DIR/products/NUMBER.csv and DIR/equipment/NUMBER.csv for `gusu import`, and prints
# "LEVEL IDENTIFIER" for each of their rows:
# - MODEL, template product: every device of the lists. Each vendor's devices go to one registrant, in
#   turn: the lists do not say who trades them in Jiangsu, so the registrants are taken as dealers. The
#   vendor stays the manufacturer.
# - ITEM, template equipment: for each MAC address block that a registrant holds, the interface with
#   the block's first address, an instance of a model that is registered with it.

# Appends a line to a file of the directory `kind`; a new file begins with the heading.
function write_line(kind, number, heading, line,    file) {
  file = out "/" kind "/" number ".csv"
  if (file != open_file) {
    if (open_file != "") close(open_file)
    open_file = file
    if (!(file in begun)) {
      begun[file] = 1
      print heading > file
    }
  }
  print line >> file
}

function write_product(number, suffix, name, type, model, maker, maker_code,    identifier) {
  identifier = prefix_of[number] "/" suffix
  write_line("products", number,
             "identifier,template,level,name,product_type,model,manufacturer,manufacturer_code",
             identifier ",product,MODEL," csv_quote(name) "," csv_quote(type) "," csv_quote(model) "," \
             csv_quote(maker) "," maker_code)
  print "MODEL", identifier
}

function write_equipment(number, suffix, instance_of, name, maker, maker_code, serial,    identifier) {
  identifier = prefix_of[number] "/" suffix
  write_line("equipment", number,
             "identifier,template,level,instance_of,name,manufacturer,manufacturer_code,serial",
             identifier ",equipment,ITEM," prefix_of[number] "/" instance_of "," csv_quote(name) "," \
             csv_quote(maker) "," maker_code "," serial)
  print "ITEM", identifier
}

# A registrant's own rows: the interface model, and an interface for each of its blocks.
function write_interfaces(number, name, blocks,    i, count, block, address) {
  write_product(number, "NIC", "Network interface", "network interface", "NIC", name, "")
  count = split(blocks, block, ",")
  for (i = 1; i <= count; i++) {
    address = substr(block[i] "000000000000", 1, 12)
    write_equipment(number, "NIC-" address, "NIC", "Network interface " address, name,
                    "IEEE-" block[i], address)
  }
}

FNR == 1 { file_number++ }

file_number == 1 {
  split($0, field, "\t")
  registrant_count = field[1]
  prefix_of[field[1]] = "88.118." 1000 + field[1]
  write_interfaces(field[1], field[5], field[7])
  next
}

FNR == 1 { bus = file_number == 2 ? "PCI" : "USB"; vendor = "" }

/^#/ || /^$/ { next }

# Classes, languages and the like, which are no devices, follow the vendors.
/^[A-Z]+ / { vendor = "" ; next }

/^[0-9a-f][0-9a-f][0-9a-f][0-9a-f]  / {
  vendor = toupper(substr($0, 1, 4))
  vendor_name = csv_tidy(substr($0, 7))
  dealer = vendor_count++ % registrant_count + 1
  next
}

vendor != "" && /^\t[0-9a-f][0-9a-f][0-9a-f][0-9a-f]  / {
  device = toupper(substr($0, 2, 4))
  name = csv_tidy(substr($0, 8))
  if (name == "") next
  write_product(dealer, bus "-" vendor "-" device, name, bus " device", vendor ":" device,
                vendor_name, bus "-" vendor)
}
