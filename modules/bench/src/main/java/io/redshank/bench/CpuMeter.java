package io.redshank.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The CPU time of processes, user and system, all threads of theirs, as Linux counts it in {@code /proc/<pid>/stat}. It counts
 * in steps of 10 ms, so a measurement should take seconds.
 */
final class CpuMeter {
    /** What the kernel's interface counts in (USER_HZ): 100 for a second on every architecture that Java runs on. */
    private static final long MICROS_PER_TICK = 10_000;

    /** Places after the command's closing parenthesis, from which on fields are split: state is 0. */
    private static final int UTIME = 11;

    private static final int STIME = 12;

    private final List<Long> pids;

    CpuMeter(List<Long> pids) {
        this.pids = List.copyOf(pids);
    }

    /** Of our own process and these. */
    static CpuMeter ofSelfAnd(List<Long> pids) {
        List<Long> all = new ArrayList<>(List.of(ProcessHandle.current().pid()));
        all.addAll(pids);
        return new CpuMeter(all);
    }

    /** The CPU time used so far, by process id. */
    Map<Long, Duration> read() {
        Map<Long, Duration> times = new LinkedHashMap<>();
        for (long pid : pids) {
            times.put(pid, read(pid));
        }
        return times;
    }

    /** The CPU time in microseconds that each process used from the one reading to the other. */
    static Map<Long, Long> microsBetween(Map<Long, Duration> before, Map<Long, Duration> after) {
        Map<Long, Long> used = new LinkedHashMap<>();
        before.forEach((pid, time) ->
                used.put(pid, after.getOrDefault(pid, time).minus(time).toNanos() / 1_000));
        return used;
    }

    private static Duration read(long pid) {
        try {
            return timeIn(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException e) {
            throw new BenchFailedException("cannot read the CPU time of process " + pid + ": is it running?", e);
        }
    }

    /** The time in the text of a stat file, whose second field is a command in parentheses that may hold anything. */
    static Duration timeIn(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        return Duration.ofNanos(ticks * MICROS_PER_TICK * 1_000);
    }
}
