#include "tests/storage/faulty_file_system.h"

#include <string>
#include <utility>

#include "rocksdb/file_system.h"

namespace gusu::storage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;
using FaultSwitch = std::shared_ptr<const std::atomic<FileFault>>;

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile> file, FaultSwitch fault)
      : FSWritableFileOwnerWrapper(std::move(file)), fault_(std::move(fault)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* dbg) override {
    if (*fault_ == FileFault::kNoSpace) return IOStatus::NoSpace("made to fail");
    if (*fault_ == FileFault::kWriteTorn) {
      IOStatus half = target()->Append(Slice(data.data(), data.size() / 2), options, dbg);
      return half.ok() ? IOStatus::IOError("made to fail") : half;
    }
    return target()->Append(data, options, dbg);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* dbg) override {
    return Append(data, options, dbg);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* dbg) override {
    if (*fault_ == FileFault::kSyncFails) return IOStatus::IOError("made to fail");
    return target()->Sync(options, dbg);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    if (*fault_ == FileFault::kSyncFails) return IOStatus::IOError("made to fail");
    return target()->Fsync(options, dbg);
  }

 private:
  const FaultSwitch fault_;
};

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFileSystem(FaultSwitch fault)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), fault_(std::move(fault)) {}

  const char* Name() const override { return "FaultyFileSystem"; }

  IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* dbg) override {
    IOStatus made = target()->NewWritableFile(name, options, file, dbg);
    if (made.ok()) *file = std::make_unique<FaultyFile>(std::move(*file), fault_);
    return made;
  }

 private:
  const FaultSwitch fault_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> NewFaultyEnv(std::shared_ptr<const std::atomic<FileFault>> fault) {
  return rocksdb::NewCompositeEnv(std::make_shared<FaultyFileSystem>(std::move(fault)));
}

}  // namespace gusu::storage
