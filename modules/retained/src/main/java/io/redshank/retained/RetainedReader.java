package io.redshank.retained;

import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.MessageHash;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the retained messages of given topics, in either layout. First all with a payload of ordinary length, in one pipeline;
 * then, as far as the page has room, the long ones and those whose key only names a body.
 */
final class RetainedReader {
    static final Script SCRIPT = Script.ofResource(RetainedReader.class, "retain-read.lua");

    private static final Logger log = LoggerFactory.getLogger(RetainedReader.class);
    /** Payloads up to this length are read before it is known whether the page has room for them. */
    private static final int ORDINARY_BYTES = 16 * 1024;
    /** The fallback for a body without an id. */
    private static final MessageId NO_ID = new MessageId("undefined");
    /** How many keys that cannot be read are said once rather than at each look-up. */
    private static final int MAX_SAID = 1_000;

    private final Reads reads;
    private final Set<String> said = new LinkedHashSet<>();

    RetainedReader(Reads reads) {
        this.reads = reads;
    }

    /**
     * What was found under the first topics asked for.
     *
     * @param taken how many of the topics these are; the page has no room for the one behind them
     * @param bytes how long the payloads are together
     * @param gone those of them that have nothing
     */
    record Found(List<Message> messages, int taken, long bytes, List<TopicName> gone) {}

    /**
     * Reads these topics up to the first whose payload has no room.
     *
     * @param room for how many bytes of payload
     * @param force whether to take one message even so
     */
    Future<Found> read(List<TopicName> topics, long room, boolean force) {
        List<Request> requests = topics.stream().map(RetainedReader::ordinary).toList();
        return reads.ask(requests).compose(replies -> readRest(topics, replies, room, force));
    }

    static Request ordinary(TopicName topic) {
        return SCRIPT.call(Keys.retained(topic), ORDINARY_BYTES);
    }

    /** The same with the first replies, one for each topic, being there already. */
    Future<Found> readRest(List<TopicName> topics, List<@Nullable Response> replies, long room, boolean force) {
        int taken = 0;
        long bytes = 0;
        Map<Integer, Request> rest = new LinkedHashMap<>();
        for (; taken < topics.size(); taken++) {
            Response reply = replies.get(taken);
            long length = payloadLength(reply);
            if (bytes + length > room && (bytes > 0 || !force)) {
                break;
            }
            bytes += length;
            Request second = second(topics.get(taken), reply);
            if (second != null) {
                rest.put(taken, second);
            }
        }
        List<TopicName> ours = topics.subList(0, taken);
        long sum = bytes;
        if (rest.isEmpty()) {
            return Future.succeededFuture(found(ours, replies, sum));
        }
        return reads.ask(List.copyOf(rest.values())).map(seconds -> {
            List<@Nullable Response> all = new ArrayList<>(replies);
            int next = 0;
            for (Integer place : rest.keySet()) {
                all.set(place, bodyOr(replies.get(place), seconds.get(next++)));
            }
            return found(ours, all, sum);
        });
    }

    /** A string whose body is not there stays what it is: it is not a topic without a message, but a damaged one. */
    private static @Nullable Response bodyOr(@Nullable Response first, @Nullable Response second) {
        boolean named = first != null && first.type() == ResponseType.BULK;
        return named && second == null ? first : second;
    }

    private static long payloadLength(@Nullable Response reply) {
        if (reply == null) {
            return 0;
        }
        if (reply.type() == ResponseType.NUMBER) {
            return reply.toLong();
        }
        Response payload = reply.type() == ResponseType.MULTI ? reply.get("payload") : null;
        return payload == null ? 0 : payload.toBytes().length;
    }

    /** What has to be asked to know what the first reply did not tell; null if it told all. */
    private static @Nullable Request second(TopicName topic, @Nullable Response reply) {
        if (reply == null) {
            return null;
        }
        if (reply.type() == ResponseType.NUMBER) {
            return SCRIPT.call(Keys.retained(topic), Integer.MAX_VALUE);
        }
        if (reply.type() == ResponseType.BULK && !reply.toString().isEmpty()) {
            return SCRIPT.call(Keys.message(new MessageId(reply.toString())), Integer.MAX_VALUE);
        }
        return null;
    }

    private Found found(List<TopicName> topics, List<@Nullable Response> replies, long bytes) {
        List<Message> messages = new ArrayList<>(topics.size());
        List<TopicName> gone = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            Response reply = replies.get(i);
            if (reply == null) {
                gone.add(topics.get(i));
                continue;
            }
            Message message = reply.type() == ResponseType.MULTI ? MessageHash.read(NO_ID, reply) : null;
            if (message == null) {
                sayDamaged(Keys.retained(topics.get(i)));
            } else if (!message.payload().isEmpty()) {
                messages.add(retained(message, topics.get(i)));
            }
        }
        return new Found(messages, topics.size(), bytes, gone);
    }

    /** Under the topic by which it was found, whatever an application wrote into the hash. */
    private static Message retained(Message found, TopicName topic) {
        return found.at(found.id(), topic).retained();
    }

    private void sayDamaged(String key) {
        if (said.add(key)) {
            log.warn("Retained message is not readable, skipped [key={}]", key);
        }
        if (said.size() > MAX_SAID) {
            said.clear();
        }
    }
}
