// A log with a model, a batch and an item of it, and the item's answer.
#pragma once

#include "gusu/storage/v1/storage.pb.h"
#include "tests/client/fake_log.h"

namespace gusu::test {

inline void AddValue(storage::v1::RecordRow& row, uint32_t index, const std::string& type,
                     const std::string& data, uint32_t tier) {
  storage::v1::ValueRow* value = row.add_values();
  value->set_index(index);
  value->set_type(type);
  value->set_data(data);
  value->set_ttl(86400);
  value->set_tier(tier);
  value->set_author("registrants/sz-pumps");
}

inline storage::v1::RecordRow RowOfLevel(const std::string& identifier, uint32_t level,
                                         const std::string& instance_of) {
  storage::v1::RecordRow row;
  row.set_identifier(identifier);
  row.set_level(level);
  row.set_instance_of(instance_of);
  row.set_template_id("product");
  row.set_template_version(1);
  row.set_issued_by("sz-pumps");
  row.set_state(2);
  return row;
}

// Leaf 0 initialises, 1 is the model, 2 the batch, 3 the item, 4 another item, 5 the item updated;
// two more follow.
inline FakeLog LogOfPumps() {
  FakeLog log;
  Change first;
  first.operation = Operation::kInitialize;
  first.resource = "registry";
  log.Append(first);
  storage::v1::RecordRow model = RowOfLevel("88.118.8/HP", 1, "");
  AddValue(model, 2000, "name", "Pump", 1);
  log.AppendRecord(Operation::kRegister, model);
  storage::v1::RecordRow batch = RowOfLevel("88.118.8/HP-B1", 2, "88.118.8/hp");
  batch.set_instance_of_revision(log.change(1).revision);
  AddValue(batch, 2006, "made_on", "2026-11-01", 1);
  log.AppendRecord(Operation::kRegister, batch);
  storage::v1::RecordRow item = RowOfLevel("88.118.8/HP/1", 3, "88.118.8/HP-B1");
  AddValue(item, 2003, "serial", "0001", 1);
  log.AppendRecord(Operation::kRegister, item);
  storage::v1::RecordRow other = RowOfLevel("88.118.8/HP/2", 3, "88.118.8/HP-B1");
  AddValue(other, 2003, "serial", "0002", 1);
  log.AppendRecord(Operation::kRegister, other);
  AddValue(item, 1, "URL", "https://pumps.example/1", 1);
  item.mutable_values(1)->set_ttl_absolute(true);
  item.mutable_values(1)->set_ttl(1'900'000'000);
  item.mutable_values(1)->set_language("en");
  storage::v1::ReferenceRow* reference = item.mutable_values(1)->add_references();
  reference->set_identifier("88.118.8/HP");
  reference->set_index(100);
  AddValue(item, 2010, "price", "120", 2);
  AddValue(item, 2011, "note", std::string("\0\xff", 2), 3);
  item.mutable_origin()->set_system("old");
  item.mutable_origin()->set_original_registration_time_us(946'684'799'000'000);
  item.set_effective_time_us(1'600'000'000'000'000);
  log.AppendRecord(Operation::kUpdate, item);
  log.AppendMany(2);
  return log;
}

inline AnswerProof AnswerOfPump(const FakeLog& log) {
  AnswerProof answer = log.ProveAnswer(5, {2, 1});
  // As a caller without the right to OWNER gets it.
  ContentPart& owner = answer.record.parts[3];
  owner = {"OWNER", "", "",
           std::string(reinterpret_cast<const char*>(log.change(5).commitments[3].hash.data()), 32),
           false};
  return answer;
}

}  // namespace gusu::test
