"""kafka-python, driven by a test."""
import queue

from driven import decode, emit, emit_record, main, words
from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from kafka.errors import KafkaError

ASSIGNORS = {"range": RangePartitionAssignor, "roundrobin": RoundRobinPartitionAssignor, "sticky": StickyPartitionAssignor}


def produce(options):
    codec = options.get("codec")
    producer = KafkaProducer(
        bootstrap_servers=options["bootstrap"], acks="all", linger_ms=20, compression_type=None if codec == "none" else codec)
    sent = [
        producer.send(
            options["topic"], key=decode(r.get("key")), value=decode(r.get("value")), partition=r.get("partition"),
            headers=[(name, decode(data)) for name, data in r.get("headers", [])], timestamp_ms=r.get("timestamp"))
        for r in options["records"]]
    for future in sent:
        at = future.get(timeout=30)
        emit("sent", partition=at.partition, offset=at.offset)
    producer.close()


def read(options):
    """Everything from the beginning, or from a time, to the end as it is now."""
    consumer = KafkaConsumer(bootstrap_servers=options["bootstrap"], group_id=None, enable_auto_commit=False, check_crcs=True)
    partitions = [TopicPartition(options["topic"], p) for p in range(options["partitions"])]
    consumer.assign(partitions)
    if "since" in options:
        found = consumer.offsets_for_times({p: options["since"] for p in partitions})
        for partition, at in found.items():
            consumer.seek(partition, at.offset) if at else consumer.seek_to_end(partition)
    else:
        consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    while any(consumer.position(p) < ends[p] for p in partitions):
        for records in consumer.poll(timeout_ms=500).values():
            for r in records:
                emit_record(r.topic, r.partition, r.offset, r.key, r.value, r.headers, r.timestamp)
    consumer.close()


class Member(ConsumerRebalanceListener):
    """One member of a group that commits what it read after every poll and before it gives a partition up."""

    def __init__(self, options):
        self.read_to = {}
        self.consumer = KafkaConsumer(
            bootstrap_servers=options["bootstrap"], group_id=options["group"], client_id=options.get("name", "kafka-python"),
            enable_auto_commit=False, auto_offset_reset="earliest", max_poll_records=options.get("batch", 20),
            session_timeout_ms=options.get("session", 6000), heartbeat_interval_ms=500, metadata_max_age_ms=1000,
            partition_assignment_strategy=[ASSIGNORS[options.get("assignor", "range")]])
        if "pattern" in options:
            self.consumer.subscribe(pattern=options["pattern"], listener=self)
        else:
            self.consumer.subscribe(options["topics"], listener=self)

    def on_partitions_assigned(self, assigned):
        emit("assigned", partitions=[[p.topic, p.partition] for p in assigned])

    def on_partitions_revoked(self, revoked):
        self.commit()
        self.read_to.clear()
        emit("revoked", partitions=[[p.topic, p.partition] for p in revoked])

    def commit(self):
        if not self.read_to:
            return
        try:
            self.consumer.commit({p: OffsetAndMetadata(next_offset, "") for p, next_offset in self.read_to.items()})
        except KafkaError as error:
            emit("commit-failed", message=f"{type(error).__name__}: {error}")
            return
        emit("committed", offsets=[[p.topic, p.partition, next_offset] for p, next_offset in self.read_to.items()])

    def run(self, said):
        while True:
            try:
                word = said.get_nowait()
            except queue.Empty:
                word = ""
            if word in ("stop", None):
                break
            if word == "pause":
                self.consumer.pause(*self.consumer.assignment())
                emit("paused")
            elif word == "resume":
                self.consumer.resume(*self.consumer.assignment())
                emit("resumed")
            for partition, records in self.consumer.poll(timeout_ms=100).items():
                emit("read", topic=partition.topic, partition=partition.partition, offsets=[r.offset for r in records])
                self.read_to[partition] = records[-1].offset + 1
            self.commit()
        self.commit()
        self.consumer.close(autocommit=False)
        emit("closed")


def member(options):
    Member(options).run(words())


def admin(options):
    """A walk through the admin client; each step is one event."""
    topic, bootstrap = options["topic"], options["bootstrap"]
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    client.create_topics([NewTopic(topic, 2, 1, topic_configs={"retention.ms": "60000"})])
    emit("created")
    try:
        client.create_topics([NewTopic(topic, 2, 1)])
    except KafkaError as error:
        emit("refused", error=type(error).__name__)
    emit("listed", found=topic in client.list_topics())
    client.create_partitions({topic: NewPartitions(5)})
    described = client.describe_topics([topic])[0]
    emit("described", partitions=sorted(p["partition"] for p in described["partitions"]))
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs={"retention.ms": "120000"})])
    answer = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])[0]
    configs = {entry[0]: entry[1] for entry in answer.resources[0][4]}
    emit("configs", retention=configs["retention.ms"])
    emit("cluster", controller=client.describe_cluster()["controller_id"])
    client.delete_topics([topic])
    emit("deleted", found=topic in client.list_topics())
    client.close()


def groups(options):
    """What the admin client says of a group that is not in use, then deletes it."""
    client = KafkaAdminClient(bootstrap_servers=options["bootstrap"])
    group = options["group"]
    emit("listed", found=group in [name for name, _ in client.list_consumer_groups()])
    described = client.describe_consumer_groups([group])[0]
    emit("described", state=described.state, members=len(described.members))
    offsets = client.list_consumer_group_offsets(group)
    emit("offsets", offsets=[[p.topic, p.partition, at.offset] for p, at in offsets.items()])
    outcome = client.delete_consumer_groups([group])
    emit("deleted", error=outcome[0][1].errno, found=group in [name for name, _ in client.list_consumer_groups()])
    client.close()


main({"produce": produce, "read": read, "member": member, "admin": admin, "groups": groups})
