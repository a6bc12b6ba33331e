// kafkajs, driven by a test: `node kafkajs_client.js COMMAND OPTIONS`, the options being one JSON object.
// Out comes one JSON object per line, in go single words. Bytes travel as base64.
'use strict'
const readline = require('readline')
const { CompressionCodecs, CompressionTypes, ConfigResourceTypes, Kafka, PartitionAssigners, logLevel } = require('kafkajs')
CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy')

const emit = (event, fields) => process.stdout.write(JSON.stringify({ e: event, ...fields }) + '\n')
const encode = data => (data === null || data === undefined ? null : Buffer.from(data).toString('base64'))
const decode = text => (text === null || text === undefined ? null : Buffer.from(text, 'base64'))
const codecs = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, snappy: CompressionTypes.Snappy }
const client = options =>
  new Kafka({
    clientId: options.name || 'kafkajs',
    brokers: [options.bootstrap],
    logLevel: logLevel.WARN,
    logCreator: () => entry => process.stderr.write(JSON.stringify(entry.log) + '\n'),
    retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: options.retries || 8 },
  })

const headersOf = list => {
  const headers = {}
  for (const [name, data] of list || []) {
    headers[name] = name in headers ? [].concat(headers[name], decode(data)) : decode(data)
  }
  return headers
}

async function produce(options) {
  const producer = client(options).producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const messages = options.records.map(r => ({
    key: decode(r.key),
    value: decode(r.value),
    headers: headersOf(r.headers),
    ...('partition' in r && { partition: r.partition }),
    ...('timestamp' in r && { timestamp: String(r.timestamp) }),
  }))
  const sent = await producer.send({ topic: options.topic, acks: -1, compression: codecs[options.codec || 'none'], messages })
  for (const { partition, baseOffset } of sent) {
    emit('sent', { partition, offset: Number(baseOffset) })
  }
  await producer.disconnect()
}

// kafkajs reads in a group or not at all.
async function read(options) {
  const kafka = client(options)
  const admin = kafka.admin()
  await admin.connect()
  const ends = new Map((await admin.fetchTopicOffsets(options.topic)).map(o => [o.partition, Number(o.high)]))
  const since = 'since' in options ? await admin.fetchTopicOffsetsByTimestamp(options.topic, options.since) : null
  await admin.disconnect()
  const next = new Map([...ends.keys()].map(p => [p, 0]))
  const consumer = kafka.consumer({ groupId: options.group, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [options.topic], fromBeginning: true })
  const done = new Promise(resolve => {
    const check = () => [...ends].every(([p, end]) => next.get(p) >= end) && resolve()
    consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const offset = Number(message.offset)
        const wanted = since ? Number(since.find(s => s.partition === partition).offset) : 0
        if (offset < wanted) {
          return
        }
        next.set(partition, offset + 1)
        const headers = Object.entries(message.headers || {})
        emit('record', {
          topic, partition, offset, key: encode(message.key), value: encode(message.value), timestamp: Number(message.timestamp),
          headers: headers.flatMap(([name, data]) => [].concat(data).map(d => [name, encode(d)])),
        })
        check()
      },
    })
    if (since) {
      for (const { partition, offset } of since) {
        next.set(partition, Number(offset))
        consumer.seek({ topic: options.topic, partition, offset })
      }
    }
    check()
  })
  await done
  await consumer.disconnect()
}

async function member(options) {
  const consumer = client(options).consumer({
    groupId: options.group,
    sessionTimeout: options.session || 6000,
    rebalanceTimeout: 10000,
    heartbeatInterval: 500,
    maxWaitTimeInMs: 100,
    metadataMaxAge: 1000,
    partitionAssigners: [PartitionAssigners.roundRobin],
  })
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
    emit('assigned', {
      partitions: Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) => partitions.map(p => [topic, p])),
    }))
  consumer.on(consumer.events.REBALANCING, () => emit('revoked', { partitions: [] }))
  consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) =>
    emit('committed', {
      offsets: payload.topics.flatMap(t => t.partitions.map(p => [t.topic, Number(p.partition), Number(p.offset)])),
    }))
  consumer.on(consumer.events.CRASH, ({ payload }) => emit('trouble', { message: String(payload.error) }))
  await consumer.connect()
  const topics = 'pattern' in options ? [new RegExp('^' + options.pattern)] : options.topics
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({
    autoCommitThreshold: options.batch || 20,
    autoCommitInterval: 200,
    eachMessage: async ({ topic, partition, message }) => emit('read', { topic, partition, offsets: [Number(message.offset)] }),
  })
  for await (const word of readline.createInterface({ input: process.stdin })) {
    if (word === 'stop') {
      break
    }
    if (word === 'pause' || word === 'resume') {
      consumer[word](topics.map(topic => ({ topic })))
      emit(word + 'd')
    }
  }
  await consumer.disconnect()
  emit('closed')
}

// A walk through the admin client; each step is one event.
async function admin(options) {
  const { topic } = options
  const kafka = client(options)
  const admin = kafka.admin()
  await admin.connect()
  emit('created', {
    made: await admin.createTopics({ topics: [{ topic, numPartitions: 2, configEntries: [{ name: 'retention.ms', value: '60000' }] }] }),
  })
  emit('refused', { made: await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] }) })
  emit('listed', { found: (await admin.listTopics()).includes(topic) })
  await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] })
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  emit('described', { partitions: topics[0].partitions.map(p => p.partitionId).sort() })
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic }
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '120000' }] }] })
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] })
  emit('configs', { retention: resources[0].configEntries.find(c => c.configName === 'retention.ms').configValue })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages: ['a', 'b', 'c'].map(value => ({ value, partition: 0 })) })
  await producer.disconnect()
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] })
  const offsets = (await admin.fetchTopicOffsets(topic)).find(o => o.partition === 0)
  emit('trimmed', { low: Number(offsets.low), high: Number(offsets.high) })
  emit('cluster', { controller: (await admin.describeCluster()).controller })
  await admin.deleteTopics({ topics: [topic] })
  emit('deleted', { found: (await admin.listTopics()).includes(topic) })
  await admin.disconnect()
}

// What the admin client says of a group that is not in use, then moves its offsets and deletes it.
async function groups(options) {
  const { group, topic } = options
  const admin = client(options).admin()
  await admin.connect()
  const listed = async () => (await admin.listGroups()).groups.some(g => g.groupId === group)
  const offsets = async () => (await admin.fetchOffsets({ groupId: group, topics: [topic] }))[0].partitions.map(p => [topic, p.partition, Number(p.offset)])
  emit('listed', { found: await listed() })
  const described = (await admin.describeGroups([group])).groups[0]
  emit('described', { state: described.state, members: described.members.length })
  emit('offsets', { offsets: await offsets() })
  await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '1' }] })
  emit('moved', { offsets: await offsets() })
  await admin.deleteGroups([group])
  emit('deleted', { found: await listed() })
  await admin.disconnect()
}

async function transaction(options) {
  const producer = client({ ...options, retries: 2 }).producer({ transactionalId: options.id, maxInFlightRequests: 1, idempotent: true })
  await producer.connect()
  await producer.transaction()
  emit('began')
}

const commands = { produce, read, member, admin, groups, transaction }
commands[process.argv[2]](JSON.parse(process.argv[3])).then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`)
    process.stdout.write(JSON.stringify({ e: 'error', message: `${error.name}: ${error.message}` }) + '\n', () => process.exit(1))
  })
