package io.redshank.bench;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** Subscribes, publishes, has all sessions come back, and ends them. A step in which nothing moves any more ends the run. */
final class DrainRun {
    private static final long GATHER_NANOS = 500_000;

    private final InetSocketAddress broker;
    private final DrainPlan plan;
    private final DrainPace pace;
    private final CpuMeter meter;
    private final Patience patience;

    /** @param pids the processes whose CPU time is wanted beside our own */
    DrainRun(InetSocketAddress broker, DrainPlan plan, DrainPace pace, List<Long> pids) {
        this.broker = broker;
        this.plan = plan;
        this.pace = pace;
        this.meter = CpuMeter.ofSelfAnd(pids);
        this.patience = new Patience(pace.timeout());
    }

    DrainResult run() throws InterruptedException {
        int tag = ThreadLocalRandom.current().nextInt();
        try (SelectorLoop loop = new SelectorLoop("bench-drain", GATHER_NANOS)) {
            DrainCrowd crowd = new DrainCrowd(loop, broker, plan, pace, tag);
            loop.start();
            return new Steps(loop, crowd).run(tag);
        }
    }

    /** The steps, asked for from the run's own thread. */
    private final class Steps {
        private final SelectorLoop loop;
        private final DrainCrowd crowd;

        Steps(SelectorLoop loop, DrainCrowd crowd) {
            this.loop = loop;
            this.crowd = crowd;
        }

        DrainResult run(int tag) throws InterruptedException {
            double subscribe = must("subscribing", all -> all.start(DrainPhase.SUBSCRIBE));
            double publish = must("publishing", DrainCrowd::publish);
            var cpuBefore = meter.read();
            long startedAt = System.nanoTime();
            boolean settled = settles(all -> all.start(DrainPhase.DRAIN));
            double drain = Math.max(1, ask(DrainCrowd::lastProgressNanos) - startedAt) / 1e9;
            var used = CpuMeter.microsBetween(cpuBefore, meter.read());
            double end = settled ? end() : 0;
            DrainTally tally = ask(DrainCrowd::result);
            DrainResult.Times times = new DrainResult.Times(subscribe, publish, drain, end);
            return new DrainResult(plan, pace, tag, settled, times, tally, new CpuShare(used, tally.delivered));
        }

        /** Nothing may come any more while they leave: it would be counted. */
        private double end() throws InterruptedException {
            double leaving = must("leaving", DrainCrowd::dismiss);
            return pace.keep() ? 0 : leaving + must("ending the sessions", all -> all.start(DrainPhase.END));
        }

        /** The seconds that a step takes without which there is nothing to measure. */
        private double must(String what, Function<DrainCrowd, CompletableFuture<Void>> step)
                throws InterruptedException {
            long startedAt = System.nanoTime();
            if (!settles(step)) {
                throw new BenchFailedException(what + " stalled, " + ask(DrainCrowd::state)
                        + ": does the broker still answer? It needs an open file for each connection (ulimit -n)");
            }
            return (System.nanoTime() - startedAt) / 1e9;
        }

        /** Waits for as long as anything moves; whether it came to its end. */
        private boolean settles(Function<DrainCrowd, CompletableFuture<Void>> step) throws InterruptedException {
            CompletableFuture<Void> done = loop.ask(() -> step.apply(crowd)).thenCompose(begun -> begun);
            long before = Long.MIN_VALUE;
            while (!patience.waitFor(done, loop.failure(), pace.stall())) {
                long progress = ask(DrainCrowd::lastProgressNanos);
                if (progress == before) {
                    return false;
                }
                before = progress;
            }
            return true;
        }

        private <T> T ask(Function<DrainCrowd, T> question) throws InterruptedException {
            CompletableFuture<T> answer = loop.ask(() -> question.apply(crowd));
            while (!patience.waitFor(answer, loop.failure(), pace.stall())) {
                // Only the run's own end or an answer ends this.
            }
            return answer.join();
        }
    }
}
