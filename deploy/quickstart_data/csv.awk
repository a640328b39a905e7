# Comma-separated values (RFC 4180) for awk programs.

# Joins lines until quotes are balanced: true when `csv_record` holds a whole record.
function csv_whole(line) {
  csv_record = csv_open ? csv_record " " line : line
  csv_open = gsub(/"/, "\"", csv_record) % 2
  return !csv_open
}

# Splits a whole record; returns the number of fields.
function csv_split(record, fields,    count, field, rest, end) {
  split("", fields)
  rest = record ","
  while (rest != "") {
    if (substr(rest, 1, 1) == "\"") {
      field = ""
      rest = substr(rest, 2)
      while ((end = index(rest, "\"")) > 0 && substr(rest, end + 1, 1) == "\"") {
        field = field substr(rest, 1, end)
        rest = substr(rest, end + 2)
      }
      field = field substr(rest, 1, end - 1)
      rest = substr(rest, end + 1)
      rest = substr(rest, index(rest, ",") + 1)
    } else {
      end = index(rest, ",")
      field = substr(rest, 1, end - 1)
      rest = substr(rest, end + 1)
    }
    fields[++count] = csv_tidy(field)
  }
  return count
}

# Without control characters, runs of spaces and spaces at either end.
function csv_tidy(text) {
  gsub(/[[:cntrl:]]+/, " ", text)
  gsub(/  +/, " ", text)
  sub(/^ /, "", text)
  sub(/ $/, "", text)
  return text
}

function csv_quote(text) {
  if (text !~ /[",]/) return text
  gsub(/"/, "\"\"", text)
  return "\"" text "\""
}
