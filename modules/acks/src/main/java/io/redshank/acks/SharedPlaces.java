package io.redshank.acks;

import io.redshank.events.Answer;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.ShareCaughtUp;
import io.redshank.events.ShareEnded;
import io.redshank.events.ShareFound;
import io.redshank.events.ShareMoved;
import io.redshank.events.ShareOpened;
import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicFilter;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.ShareScripts;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Redis keeps of shared subscriptions that sessions which persist have a part in. Confined to the verticle's context. */
final class SharedPlaces {
    private static final Logger log = LoggerFactory.getLogger(SharedPlaces.class);
    private static final Future<Answer> DONE = Future.succeededFuture(Answer.DONE);
    /** Where the ids begin in what {@code share_open.lua} answers. */
    private static final int GIVEN = 5;

    private final RedisLinks links;
    private final RedisLink link;
    private final Acknowledgements acknowledgements;
    private final long seconds;
    /** What is behind bookmarks that wait to be written. */
    private Map<TopicFilter, List<String>> passed = new LinkedHashMap<>();

    /** Keeps each subscription for so long after its last change, unless its last member leaves. */
    SharedPlaces(RedisLinks links, RedisLink link, Acknowledgements acknowledgements, long seconds) {
        this.links = links;
        this.link = link;
        this.acknowledgements = acknowledgements;
        this.seconds = seconds;
    }

    Future<ShareFound> onOpened(ShareOpened event) {
        ClientId member = event.member();
        return link.send(ShareScripts.OPEN.call(
                        Keys.share(event.filter()),
                        event.owner(),
                        event.era(),
                        member == null ? "" : member.value(),
                        event.start().value(),
                        event.millis(),
                        seconds))
                .map(SharedPlaces::found)
                .recover(SharedPlaces::notNow);
    }

    Future<Long> onCaughtUp(ShareCaughtUp event) {
        if (!event.over().isEmpty()) {
            forget(event.filter(), fieldsOf(event.over()));
        }
        return link.send(ShareScripts.CAUGHT_UP.call(Keys.share(event.filter()), event.era(), event.millis(), seconds))
                .map(reply -> reply == null ? 0 : Long.parseLong(reply.toString()))
                .recover(SharedPlaces::notNow);
    }

    /** A bookmark moves; what was a member's for good and is behind it is forgotten when that is written. */
    Future<Answer> onMoved(ShareMoved event) {
        acknowledgements.onShareMoved(event);
        if (!event.given().isEmpty()) {
            passed.computeIfAbsent(event.filter(), first -> new ArrayList<>()).addAll(fieldsOf(event.given()));
        }
        return DONE;
    }

    /** The bookmarks go, as the subscription has. */
    Future<Answer> onEnded(ShareEnded event) {
        ClientId reader = SharedFilter.of(event.filter()).reader();
        acknowledgements
                .written()
                .onComplete(written -> event.topics()
                        .forEach(topic -> links.to(acknowledgements.poolOfLog(topic))
                                .send(Request.cmd(Command.DEL).arg(Keys.acked(reader, topic)))
                                .onFailure(SharedPlaces::leftToItsTtl)));
        return DONE;
    }

    /** Sends what the events of one batch have queued, behind the bookmarks. */
    void flush() {
        if (passed.isEmpty()) {
            return;
        }
        Map<TopicFilter, List<String>> gone = passed;
        passed = new LinkedHashMap<>();
        acknowledgements.written().onComplete(written -> gone.forEach(this::forget));
    }

    private static List<String> fieldsOf(List<MessageId> given) {
        return given.stream().map(id -> ShareScripts.given(id.value())).toList();
    }

    private void forget(TopicFilter filter, List<String> fields) {
        Request forget = Request.cmd(Command.HDEL).arg(Keys.share(filter));
        for (String field : fields) {
            forget = forget.arg(field);
        }
        link.send(forget).onFailure(SharedPlaces::leftToItsTtl);
    }

    private static void leftToItsTtl(Throwable failure) {
        log.debug("What is over of a shared subscription not deleted [cause={}]", failure.getMessage());
    }

    private static ShareFound found(@Nullable Response reply) {
        if (reply == null || reply.size() < GIVEN) {
            return ShareFound.NONE;
        }
        List<MessageId> given = new ArrayList<>();
        for (int i = GIVEN; i < reply.size(); i++) {
            given.add(new MessageId(reply.get(i).toString()));
        }
        return new ShareFound(
                Long.parseLong(reply.get(0).toString()),
                reply.get(1).toInteger() == 1,
                reply.get(2).toInteger() == 1,
                reply.get(3).toString(),
                Long.parseLong(reply.get(4).toString()),
                given);
    }

    private static <T> Future<T> notNow(Throwable failure) {
        return Future.failedFuture(
                new EventFailedException(EventFailure.UNAVAILABLE, String.valueOf(failure.getMessage())));
    }
}
