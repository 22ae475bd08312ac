package io.redshank.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One run from connecting to the figures: warm up, let everything settle, measure, let everything settle. Nothing waits
 * for longer than the timeout.
 */
final class BenchRun {
    private final Brokers brokers;
    private final Traffic traffic;
    private final Timing timing;
    private final Effort effort;
    private final List<Long> pids;
    private final Patience patience;

    /** @param pids the processes whose CPU time is wanted beside our own */
    BenchRun(Brokers brokers, Traffic traffic, Timing timing, Effort effort, List<Long> pids) {
        this.brokers = brokers;
        this.traffic = traffic;
        this.timing = timing;
        this.effort = effort;
        this.pids = List.copyOf(pids);
        this.patience = new Patience(timing.timeout());
    }

    Result run() throws InterruptedException {
        int tag = ThreadLocalRandom.current().nextInt();
        CpuMeter meter = CpuMeter.ofSelfAnd(pids);
        try (Swarm swarm = new Swarm(traffic, effort, tag)) {
            swarm.start();
            join(swarm, swarm.begin(group -> group.connect(brokers)));
            if (!timing.warmUp().isZero() && !publish(swarm, Long.MAX_VALUE, timing.warmUp())) {
                throw new BenchFailedException("the warm-up did not settle: " + describe(total(swarm)));
            }
            return measure(swarm, meter);
        }
    }

    private Result measure(Swarm swarm, CpuMeter meter) throws InterruptedException {
        var cpuBefore = meter.read();
        long startedAt = System.nanoTime();
        boolean settled = publish(swarm, timing.counted() ? timing.messages() : Long.MAX_VALUE, timing.length());
        var cpuAfter = meter.read();
        Tally total = total(swarm);
        long elapsed = Math.max(1, total.lastProgressNanos - startedAt);
        CpuShare cpu = new CpuShare(CpuMeter.microsBetween(cpuBefore, cpuAfter), total.delivered);
        return new Result(traffic, settled, elapsed, total, cpu);
    }

    /** One phase; whether all its messages settled. */
    private boolean publish(Swarm swarm, long messages, Duration length) throws InterruptedException {
        CompletableFuture<?> idle = swarm.begin(group -> group.start(messages));
        if (messages == Long.MAX_VALUE) {
            pass(swarm, length);
            join(swarm, swarm.begin(group -> {
                group.stop();
                return CompletableFuture.completedFuture(null);
            }));
        }
        return settle(swarm, idle);
    }

    /** Waits for as long as anything moves. */
    private boolean settle(Swarm swarm, CompletableFuture<?> idle) throws InterruptedException {
        long before = Long.MIN_VALUE;
        while (!waitFor(swarm, idle, timing.stall())) {
            long progress = total(swarm).lastProgressNanos;
            if (progress == before) {
                return false;
            }
            before = progress;
        }
        return true;
    }

    private Tally total(Swarm swarm) throws InterruptedException {
        CompletableFuture<List<Tally>> tallies = swarm.ask(TopicGroup::result);
        join(swarm, tallies);
        Tally total = new Tally();
        tallies.join().forEach(total::add);
        return total;
    }

    /** Lets the time pass, unless something fails. */
    private void pass(Swarm swarm, Duration time) throws InterruptedException {
        if (waitFor(swarm, new CompletableFuture<>(), time)) {
            throw new IllegalStateException("a loop ended early");
        }
    }

    /** Waits until it is done; the run's own end is the only limit. */
    private void join(Swarm swarm, CompletableFuture<?> future) throws InterruptedException {
        while (!waitFor(swarm, future, timing.timeout())) {
            // Only the deadline ends this, by an exception.
        }
    }

    private boolean waitFor(Swarm swarm, CompletableFuture<?> future, Duration most) throws InterruptedException {
        return patience.waitFor(future, swarm.failure(), most);
    }

    private static String describe(Tally tally) {
        return tally.lost + " lost, " + tally.duplicated + " duplicated, " + tally.misordered + " misordered, "
                + tally.unacknowledged + " not acknowledged";
    }
}
