package io.redshank.messages;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client has of a queue to itself for a while. */
final class Lease {
    /** Gives messages to a client, except those that others have. */
    static final Script TAKE = Script.ofResource(Lease.class, "lease.lua");
    /** So few, that several clients get something of a short queue. */
    static final int IDS_PER_PAGE = 20;

    private static final Logger log = LoggerFactory.getLogger(Lease.class);

    private final RedisLink link;
    private final TopicName topic;
    private final ClientId client;
    private final Duration lasting;

    Lease(RedisLink link, TopicName topic, ClientId client, Duration lasting) {
        this.link = link;
        this.topic = topic;
        this.client = client;
        this.lasting = lasting;
    }

    /** Those of these, in order, that no other client has; they are this one's from now on. */
    Future<List<LogPlace>> take(List<LogPlace> places) {
        Object[] args = new Object[places.size() + 2];
        args[0] = client.value();
        args[1] = Math.max(1, lasting.toMillis());
        for (int i = 0; i < places.size(); i++) {
            args[i + 2] = places.get(i).id().value();
        }
        return link.send(TAKE.call(Keys.lease(topic), args)).map(answers -> taken(places, answers));
    }

    /** These messages are not there any more. */
    void giveBack(List<MessageId> gone) {
        Request end = Request.cmd(Command.HDEL).arg(Keys.lease(topic));
        for (MessageId id : gone) {
            end = end.arg(id.value());
        }
        link.send(end)
                .onFailure(failure -> log.debug(
                        "Leases of messages that are gone end with their time [topic={}, cause={}]",
                        topic,
                        failure.getMessage()));
    }

    private static List<LogPlace> taken(List<LogPlace> places, @Nullable Response answers) {
        List<LogPlace> taken = new ArrayList<>();
        for (int i = 0; answers != null && i < places.size(); i++) {
            if (answers.get(i).toInteger() == 1) {
                taken.add(places.get(i));
            }
        }
        return taken;
    }
}
