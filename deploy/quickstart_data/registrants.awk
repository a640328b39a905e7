# From the IEEE's registry of manufacturers to registrants, one a line, tabs between:
#
#   number  id  organisation code  district  name  address  blocks
#
# Takes organisations with an address in Suzhou, Shanghai or elsewhere in Jiangsu, each once, in the
# order of the input; `blocks` are their MAC address blocks, commas between.
# The registry has no organisation codes. They are generated: a valid unified social credit code of
# the district (GB 32100) whose organisation part is the number after the mark GEN, which no
# authority issues.

# The district (GB/T 2260) that an address names; "" when it is elsewhere.
function district_of(address,    text) {
  text = tolower(address)
  if (text !~ / cn( |$)/) return ""
  # A street named after a city says nothing about where it is.
  gsub(/(suzhou|shanghai|jiangsu) +(road|rd|street|st|avenue|ave)[^a-z]/, "", text)
  if (text ~ /suzhou/ && text !~ /anhui|beijing/) return "320500"
  if (text ~ /shanghai/) return "310000"
  if (text ~ /jiangsu/) return "320000"
  return ""
}

function check_character(first17,    i, sum, weight) {
  weight = 1
  for (i = 1; i <= 17; i++) {
    sum += (index(ALPHABET, substr(first17, i, 1)) - 1) * weight
    weight = weight * 3 % 31
  }
  return substr(ALPHABET, (31 - sum % 31) % 31 + 1, 1)
}

function organization_code(district, number,    first17) {
  first17 = sprintf("91%sGEN%06d", district, number)
  return first17 check_character(first17)
}

# 1 to 63 of a-z, 0-9 and "-"; the number makes it unique where names are alike.
function registrant_id(name, number,    id) {
  id = tolower(name)
  gsub(/[^a-z0-9]+/, "-", id)
  id = substr(id, 1, 40)
  gsub(/^-|-$/, "", id)
  if (id == "") id = "enterprise"
  return (id in id_taken) ? id "-" number : id
}

BEGIN {
  ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
  OFS = "\t"
}

csv_whole($0) {
  csv_split(csv_record, field)
  district = district_of(field[4])
  if (district == "" || field[3] == "" || field[3] == "Private") next
  key = tolower(field[3])
  gsub(/[^a-z0-9]/, "", key)
  if (key == "") next
  if (key in number_of) {
    n = number_of[key]
    blocks[n] = blocks[n] "," field[2]
    next
  }
  number_of[key] = n = ++count
  names[n] = field[3]
  addresses[n] = field[4]
  districts[n] = district
  blocks[n] = field[2]
}

END {
  if (limit == 0 || limit > count) limit = count
  for (n = 1; n <= limit; n++) {
    id = registrant_id(names[n], n)
    id_taken[id] = 1
    print n, id, organization_code(districts[n], n), districts[n], names[n], addresses[n], blocks[n]
  }
}
