package io.redshank.redis;

import io.redshank.model.TopicName;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that have a retained message, of one pool. Makes it agree with the keys, where somebody has seen that it does not. What fails here is seen again.
 *
 * <p>A topic is taken out before its key is looked at once more: if a message is there, the topic comes back. A message stored
 * later is indexed later, by who stores it. So at no time two of us can lose one.
 */
public final class RetainedIndex {
    private static final Logger log = LoggerFactory.getLogger(RetainedIndex.class);

    private final RedisLink link;

    /** The index of the pool that this link leads to. */
    public RetainedIndex(RedisLink link) {
        this.link = link;
    }

    /** Puts members in. */
    public static Request indexed(List<byte[]> members) {
        Request add = Request.cmd(Command.ZADD).arg(Keys.RETAINED_INDEX);
        for (byte[] member : members) {
            add = add.arg(0).arg(member);
        }
        return add;
    }

    /** Takes a member out. */
    public static Request unindexed(byte[] member) {
        return Request.cmd(Command.ZREM).arg(Keys.RETAINED_INDEX).arg(member);
    }

    /** Whether this topic is in the index. */
    public static Request contains(TopicName topic) {
        return Request.cmd(Command.ZSCORE).arg(Keys.RETAINED_INDEX).arg(RetainedMember.of(topic));
    }

    private static Request exists(TopicName topic) {
        return Request.cmd(Command.EXISTS).arg(Keys.retained(topic));
    }

    /** These topics have messages that the index does not know. */
    public void missed(List<TopicName> topics) {
        link.send(indexed(topics.stream().map(RetainedMember::of).toList()))
                .onFailure(failure -> log.debug("Topics not put into the index [count={}]", topics.size(), failure));
    }

    /** This topic is in the index, and no message was seen. */
    public void dropped(TopicName topic) {
        retire(List.of(topic)).onFailure(failure -> log.debug("Topic left in the index [topic={}]", topic, failure));
    }

    /** Looks at the keys of these topics, and puts the index right where it differs. */
    public Future<Void> check(List<TopicName> topics) {
        List<Request> questions = new ArrayList<>(2 * topics.size());
        for (TopicName topic : topics) {
            questions.add(exists(topic));
            questions.add(contains(topic));
        }
        return link.pipeline(questions).compose(replies -> {
            List<TopicName> missed = new ArrayList<>();
            List<TopicName> gone = new ArrayList<>();
            for (int i = 0; i < topics.size(); i++) {
                boolean exists = isOne(replies, 2 * i);
                boolean indexed = replies.reply(2 * i + 1) != null;
                if (exists && !indexed) {
                    missed.add(topics.get(i));
                } else if (!exists && indexed) {
                    gone.add(topics.get(i));
                }
            }
            return Future.all(index(missed), retire(gone)).mapEmpty();
        });
    }

    private Future<?> index(List<TopicName> topics) {
        return topics.isEmpty()
                ? Future.succeededFuture()
                : link.send(indexed(topics.stream().map(RetainedMember::of).toList()));
    }

    private Future<?> retire(List<TopicName> topics) {
        if (topics.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Request> requests = new ArrayList<>(2 * topics.size());
        for (TopicName topic : topics) {
            requests.add(unindexed(RetainedMember.of(topic)));
            requests.add(exists(topic));
        }
        return link.pipeline(requests).compose(replies -> {
            List<TopicName> back = new ArrayList<>();
            for (int i = 0; i < topics.size(); i++) {
                if (isOne(replies, 2 * i + 1)) {
                    back.add(topics.get(i));
                }
            }
            return index(back);
        });
    }

    private static boolean isOne(PipelineReplies replies, int index) {
        Response reply = replies.reply(index);
        return reply != null && reply.toInteger() == 1;
    }
}
