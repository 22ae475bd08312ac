package io.redshank.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** All groups, dealt out to the loops that serve them: how the run's own thread talks to them. */
final class Swarm implements AutoCloseable {
    private final List<SelectorLoop> loops = new ArrayList<>();
    private final List<TopicGroup> groups = new ArrayList<>();

    Swarm(Traffic traffic, Effort effort, int tag) {
        int threads = effort.threads();
        int count = traffic.scenario().groups(traffic.clients());
        if (threads < 1 || threads > count) {
            throw new IllegalArgumentException("--threads must be from 1 to the number of topics, which is " + count);
        }
        for (int i = 0; i < threads; i++) {
            loops.add(new SelectorLoop("bench-" + i, effort.gather().toNanos()));
        }
        for (int i = 0; i < count; i++) {
            groups.add(new TopicGroup(loopOf(i), traffic, tag, i));
        }
    }

    void start() {
        loops.forEach(SelectorLoop::start);
    }

    /** Fails as soon as anything does; never completes otherwise. */
    CompletableFuture<?> failure() {
        return CompletableFuture.anyOf(loops.stream().map(SelectorLoop::failure).toArray(CompletableFuture<?>[]::new));
    }

    /** What each group answers, asked on its loop. */
    <T> CompletableFuture<List<T>> ask(Function<TopicGroup, T> question) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            TopicGroup group = groups.get(i);
            answers.add(loopOf(i).ask(() -> question.apply(group)));
        }
        return all(answers);
    }

    /** Begins what each group then takes its time for; done when all are through with it. */
    CompletableFuture<?> begin(Function<TopicGroup, CompletableFuture<Void>> work) {
        return ask(work).thenCompose(Swarm::all);
    }

    /** Says goodbye to the broker. */
    @Override
    public void close() throws InterruptedException {
        for (SelectorLoop loop : loops) {
            loop.close();
        }
    }

    private SelectorLoop loopOf(int group) {
        return loops.get(group % loops.size());
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
