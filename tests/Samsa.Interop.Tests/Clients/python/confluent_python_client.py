"""confluent-kafka-python (librdkafka), driven by a test."""
import queue

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic
from driven import decode, emit, emit_record, main, words


def produce(options):
    producer = Producer({
        "bootstrap.servers": options["bootstrap"], "compression.type": options.get("codec", "none"), "linger.ms": 20,
        "message.timeout.ms": 30000, "enable.idempotence": options.get("idempotent", False),
        "partitioner": options.get("partitioner", "consistent_random")})
    records = options["records"]
    reports = [None] * len(records)

    def delivered(index):
        def report(error, message):
            reports[index] = (error, message.partition(), message.offset())
        return report

    for index, r in enumerate(records):
        producer.produce(
            options["topic"], value=decode(r.get("value")), key=decode(r.get("key")), partition=r.get("partition", -1),
            on_delivery=delivered(index), timestamp=r.get("timestamp", 0),
            headers=[(name, decode(data)) for name, data in r.get("headers", [])])
    producer.flush(30)
    for error, partition, offset in reports:
        if error is not None:
            raise KafkaException(error)
        emit("sent", partition=partition, offset=offset)


def read(options):
    """Everything from the beginning, or from a time, to the end as it is now."""
    consumer = Consumer({
        "bootstrap.servers": options["bootstrap"], "group.id": "unused", "enable.auto.commit": False,
        "enable.partition.eof": True, "check.crcs": True})
    topic, count = options["topic"], options["partitions"]
    if "since" in options:
        consumer.assign(consumer.offsets_for_times([TopicPartition(topic, p, options["since"]) for p in range(count)], 10))
    else:
        consumer.assign([TopicPartition(topic, p, 0) for p in range(count)])
    ended = set()
    while len(ended) < count:
        r = consumer.poll(0.5)
        if r is None:
            continue
        if r.error() is None:
            emit_record(r.topic(), r.partition(), r.offset(), r.key(), r.value(), r.headers(), r.timestamp()[1])
        elif r.error().code() == KafkaError._PARTITION_EOF:
            ended.add(r.partition())
        else:
            raise KafkaException(r.error())
    consumer.close()


class Member:
    """One member of a group that commits what it read after every batch and before it gives a partition up."""

    def __init__(self, options):
        self.read_to = {}
        self.batch = options.get("batch", 20)
        self.cooperative = options.get("assignor") == "cooperative-sticky"
        config = {
            "bootstrap.servers": options["bootstrap"], "group.id": options["group"], "client.id": options.get("name", "confluent"),
            "enable.auto.commit": False, "auto.offset.reset": "earliest", "session.timeout.ms": options.get("session", 6000),
            "heartbeat.interval.ms": 500, "partition.assignment.strategy": options.get("assignor", "range"), "fetch.wait.max.ms": 100,
            "topic.metadata.refresh.interval.ms": 1000}
        if "instance" in options:
            config["group.instance.id"] = options["instance"]
        self.consumer = Consumer(config)
        topics = ["^" + options["pattern"]] if "pattern" in options else options["topics"]
        self.consumer.subscribe(topics, on_assign=self.assigned, on_revoke=self.revoked, on_lost=self.lost)

    def assigned(self, consumer, partitions):
        emit("assigned", partitions=[[p.topic, p.partition] for p in partitions])

    def revoked(self, consumer, partitions):
        self.commit()
        self.forget(partitions)
        emit("revoked", partitions=[[p.topic, p.partition] for p in partitions])

    def lost(self, consumer, partitions):
        self.forget(partitions)
        emit("lost", partitions=[[p.topic, p.partition] for p in partitions])

    def forget(self, partitions):
        for p in partitions:
            self.read_to.pop((p.topic, p.partition), None)

    def commit(self):
        if not self.read_to:
            return
        offsets = [TopicPartition(topic, p, next_offset) for (topic, p), next_offset in self.read_to.items()]
        try:
            refused = [p.error for p in self.consumer.commit(offsets=offsets, asynchronous=False) if p.error]
        except KafkaException as error:
            refused = [error]
        if refused:
            emit("commit-failed", message=str(refused[0]))
        else:
            emit("committed", offsets=[[p.topic, p.partition, p.offset] for p in offsets])

    def run(self, said):
        while True:
            try:
                word = said.get_nowait()
            except queue.Empty:
                word = ""
            if word in ("stop", None):
                break
            if word == "pause":
                self.consumer.pause(self.consumer.assignment())
                emit("paused")
            elif word == "resume":
                self.consumer.resume(self.consumer.assignment())
                emit("resumed")
            for _ in range(self.batch):
                # One by one: consume() of librdkafka 2.0 drops records of its batch when a cooperative rebalance falls into it.
                r = self.consumer.poll(0.1)
                if r is None:
                    break
                if r.error():
                    if r.error().fatal():
                        raise KafkaException(r.error())
                    emit("trouble", message=str(r.error()))
                else:
                    emit("read", topic=r.topic(), partition=r.partition(), offsets=[r.offset()])
                    self.read_to[r.topic(), r.partition()] = r.offset() + 1
            self.commit()
        self.commit()
        self.consumer.close()
        emit("closed")


def member(options):
    Member(options).run(words())


def outcome(futures):
    """Waits for the single future of an admin call: None, or the error's name."""
    try:
        list(futures.values())[0].result(30)
        return None
    except KafkaException as error:
        return error.args[0].name()


def admin(options):
    """A walk through the admin client; each step is one event."""
    topic = options["topic"]
    client = AdminClient({"bootstrap.servers": options["bootstrap"]})
    emit("created", error=outcome(client.create_topics([NewTopic(topic, 2, 1, config={"retention.ms": "60000"})])))
    emit("refused", error=outcome(client.create_topics([NewTopic(topic, 2, 1)])))
    emit("partitions", error=outcome(client.create_partitions([NewPartitions(topic, 5)])))
    emit("described", partitions=sorted(client.list_topics(topic, 30).topics[topic].partitions))
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, set_config={"retention.ms": "120000"})
    emit("altered", error=outcome(client.alter_configs([resource])))
    described = list(client.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)]).values())[0].result(30)
    emit("configs", retention=described["retention.ms"].value)
    emit("deleted", error=outcome(client.delete_topics([topic])), found=topic in client.list_topics(timeout=30).topics)


def groups(options):
    client = AdminClient({"bootstrap.servers": options["bootstrap"]})
    found = client.list_groups(options["group"], 30)
    emit("described", state=found[0].state, protocol=found[0].protocol, members=len(found[0].members))


def transaction(options):
    producer = Producer({"bootstrap.servers": options["bootstrap"], "transactional.id": options["id"]})
    producer.init_transactions(options["deadline"])
    emit("began")


main({"produce": produce, "read": read, "member": member, "admin": admin, "groups": groups, "transaction": transaction})
