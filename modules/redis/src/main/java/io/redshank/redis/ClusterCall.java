package io.redshank.redis;

import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands that were called together, stage by stage on their way to the masters of a cluster, and what is known of their replies. */
final class ClusterCall {
    private final Promise<PipelineReplies> promise = Promise.promise();
    private final List<Request> requests = new ArrayList<>();
    /** Where each stage ends. */
    private final List<Integer> ends = new ArrayList<>();

    private final List<@Nullable Response> replies = new ArrayList<>();
    private final Map<Integer, RedisFailure> failures = new HashMap<>();
    private final boolean oneByOne;
    private int stage;
    private int awaited;
    private boolean hidden;
    private @Nullable RedisFailure down;

    private ClusterCall(boolean oneByOne) {
        this.oneByOne = oneByOne;
    }

    static ClusterCall ofStages(List<List<Request>> stages, boolean oneByOne) {
        ClusterCall call = new ClusterCall(oneByOne);
        stages.forEach(call::addStage);
        return call;
    }

    /** With a stage of its own for what is for another slot than the command before: else a redirected one would be overtaken. */
    static ClusterCall inOrder(List<Request> requests, boolean oneByOne) {
        ClusterCall call = new ClusterCall(oneByOne);
        int from = 0;
        int slot = Slots.NONE;
        for (int i = 0; i < requests.size(); i++) {
            int next = Slots.of(requests.get(i));
            if (i > from && next != slot) {
                call.addStage(requests.subList(from, i));
                from = i;
            }
            slot = next;
        }
        call.addStage(requests.subList(from, requests.size()));
        return call;
    }

    private void addStage(List<Request> more) {
        if (!more.isEmpty()) {
            requests.addAll(more);
            ends.add(requests.size());
            more.forEach(request -> replies.add(null));
        }
    }

    Promise<PipelineReplies> promise() {
        return promise;
    }

    Request request(int place) {
        return requests.get(place);
    }

    /** Whether replies are wanted even of commands beside one that fails. */
    boolean isOneByOne() {
        return oneByOne;
    }

    /** The places of the next stage's commands, which are awaited from now on; none if there is no further stage. */
    List<Integer> nextStage() {
        List<Integer> places = new ArrayList<>();
        if (isSent()) {
            return places;
        }
        int from = stage == 0 ? 0 : ends.get(stage - 1);
        for (int i = from; i < ends.get(stage); i++) {
            places.add(i);
        }
        stage++;
        awaited += places.size();
        return places;
    }

    /** Whether no stage is left, or none may follow since a command could not be executed. */
    boolean isSent() {
        return stage == ends.size() || down != null;
    }

    /** Whether all that was sent has been answered. */
    boolean isAnswered() {
        return awaited == 0;
    }

    boolean isDone() {
        return isSent() && isAnswered();
    }

    void reply(int place, @Nullable Response reply) {
        awaited--;
        replies.set(place, reply);
    }

    /** The command was executed; how it was answered is not known. */
    void executed(int place) {
        awaited--;
        hidden = true;
    }

    /** What may be over at another try ends the call as a whole if something is still to follow. */
    void failure(int place, RedisFailure failure) {
        awaited--;
        failures.put(place, failure);
        boolean notNow = failure.kind() == RedisFailure.Kind.UNAVAILABLE;
        if (failure.isLinkDown() || (notNow && !isSent())) {
            down = failure;
        }
    }

    /** No further stage is sent. */
    void abandon(RedisFailure why) {
        if (!isSent()) {
            down = why;
        }
    }

    /** Tells the outcome. */
    void complete() {
        if (down != null) {
            promise.fail(RedisFailure.linkDown(String.valueOf(down.getMessage())));
        } else if (hidden) {
            promise.complete(PipelineReplies.hidden(requests.size(), failures));
        } else {
            promise.complete(PipelineReplies.of(replies, failures));
        }
    }
}
