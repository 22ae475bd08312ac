package io.redshank.acks;

import io.redshank.events.Answer;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.ShareClaim;
import io.redshank.model.ClientId;
import io.redshank.model.Underway;
import io.redshank.redis.Keys;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisLink;
import io.redshank.redis.ShareScripts;
import io.redshank.redis.UnderwayText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One lot of an {@link InflightQueue} on its way: of each client as few commands as there can be. */
final class InflightWriting {
    private final long seconds;
    private final Map<ClientId, List<Object>> written = new LinkedHashMap<>();
    private final Map<ClientId, List<Object>> gone = new LinkedHashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    /** Of the first requests, who waits for their outcome. */
    private final List<Promise<Answer>> claims = new ArrayList<>();

    InflightWriting(long seconds) {
        this.seconds = seconds;
    }

    /** The state of a message; none if it is settled. */
    void write(ClientId client, long number, @Nullable Underway state) {
        List<Object> args = (state == null ? gone : written)
                .computeIfAbsent(client, first -> new ArrayList<>(List.of(Keys.inflight(client))));
        args.add(Long.toString(number));
        if (state != null) {
            args.add(UnderwayText.write(state));
        }
    }

    /** A message is the client's if no other one has it; the outcome fails if that is so. */
    void claim(ClientId client, Underway state, ShareClaim claim, Promise<Answer> outcome) {
        requests.add(ShareScripts.CLAIM.callOn(
                List.of(Keys.share(claim.filter()), Keys.inflight(client)),
                claim.era(),
                state.id().value(),
                state.number() + " " + client,
                claim.alone() ? "" : Long.toString(state.number()),
                claim.alone() ? "" : UnderwayText.write(state),
                seconds));
        keys.add(Keys.share(claim.filter()));
        claims.add(outcome);
    }

    Future<PipelineReplies> send(RedisLink link) {
        written.forEach((client, args) -> {
            add(Keys.inflight(client), Request.cmd(Command.HSET, args.toArray()));
            add(Keys.inflight(client), Request.cmd(Command.EXPIRE, Keys.inflight(client), seconds));
        });
        gone.forEach((client, args) -> add(Keys.inflight(client), Request.cmd(Command.HDEL, args.toArray())));
        return link.pipeline(requests)
                .compose(replies -> replies.repliesHidden() && !claims.isEmpty()
                        ? link.oneByOne(requests)
                        : Future.succeededFuture(replies));
    }

    /** What the request at this place is about. */
    String keyOf(int request) {
        return keys.get(request);
    }

    /** Tells each of those who wait what has become of its claim. */
    void tellClaims(PipelineReplies replies) {
        for (int i = 0; i < claims.size(); i++) {
            Response reply = replies.reply(i);
            int outcome = reply == null ? 1 : reply.toInteger(); // what cannot be claimed is sent all the same
            if (outcome == 0) {
                claims.get(i).tryFail(new EventFailedException(EventFailure.TAKEN, "another member has it"));
            } else if (outcome < 0) {
                claims.get(i).tryFail(new EventFailedException(EventFailure.REFUSED, "another owner has begun"));
            }
        }
    }

    private void add(String key, Request request) {
        keys.add(key);
        requests.add(request);
    }
}
