package io.ketju.benchmarks.pipeline;

import com.sun.management.ThreadMXBean;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.cluster.link.LinkMode;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Heap bytes that a run of stage actors allocates in the steady state, by the kind of thread that does it. */
final class HeapBytes implements Measured {
    private static final PipelineWork WORK = PipelineWork.LENET;
    private static final int STAGES = 4;
    private static final int THREADS = 2;

    /** Forwards and backwards of all micro-batches, and the optimizer step, on every stage. */
    private static final int ACTIONS = STAGES * (2 * MICROBATCHES + 1);

    private static final int STEPS_AT_FIRST = 10;

    /** So much less than ever before says that the compiler is not done. */
    private static final double STILL_WARMING = 0.95;

    /** The most time, as a multiple of the least. */
    private static final int MOST_WARMTH = 10;

    /** Whose bytes they are. */
    enum Owner {
        COMPUTE,
        EVENT_LOOP,
        OTHER;

        /** By the names that threads have. */
        static Owner of(String thread) {
            if (thread.startsWith("ketju-compute-")) {
                return COMPUTE;
            }
            return thread.startsWith("ketju-dataplane-") ? EVENT_LOOP : OTHER;
        }
    }

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Effort effort;

    HeapBytes(Effort effort) {
        this.effort = effort;
    }

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public void run(PrintStream out) {
        Report report = new Report(
                "Heap bytes per action, " + WORK.title() + ", 4 stages, 8 micro-batches, 2 threads",
                "links",
                "compute threads (bar 0)",
                "event loops (bar 0)",
                "others",
                "in all (bar 512)",
                "bytes per step",
                "steps");
        for (LinkMode links : List.of(LinkMode.LOCAL_WHERE_POSSIBLE, LinkMode.ALWAYS_SOCKETS)) {
            addRow(report, links);
        }
        report.note(
                "A step has " + ACTIONS + " actions. Compute threads also run the ranks' actors, so that what control"
                        + " allocates counts there too; others: coordinator, feeder, listeners.");
        report.note("In all: of the whole JVM, threads that have ended included.");
        report.print(out, THREADS);
    }

    /** What was counted over some steps. */
    private record Counted(long all, Map<Owner, Long> byOwner, double steps) {
        double perStep() {
            return all / steps;
        }

        String perAction(Owner owner) {
            return HeapBytes.perAction(byOwner.getOrDefault(owner, 0L), steps);
        }
    }

    private void addRow(Report report, LinkMode links) {
        try (WorkBatches batches = new WorkBatches(WORK);
                RunningJob running = PipelineJobs.embedded(WORK, STAGES, THREADS, links, batches)) {
            Counted steady = steady(running);
            report.row(
                    links == LinkMode.LOCAL_WHERE_POSSIBLE ? "by reference" : "loopback sockets",
                    steady.perAction(Owner.COMPUTE),
                    steady.perAction(Owner.EVENT_LOOP),
                    steady.perAction(Owner.OTHER),
                    perAction(steady.all(), steady.steps()),
                    Report.count(steady.perStep()),
                    Report.count(steady.steps()));
        }
    }

    /** Uncompiled code makes objects of vectors: counts until they have not become fewer for the given time. */
    private Counted steady(RunningJob running) {
        long begin = System.nanoTime();
        long least = effort.warm().toNanos();
        long fewer = begin;
        double rate = running.steps(STEPS_AT_FIRST);
        double fewest = Double.POSITIVE_INFINITY;
        Counted counted;
        do {
            long before = System.nanoTime();
            counted = count(
                    running,
                    Math.max(STEPS_AT_FIRST, Math.round(rate * effort.turn().toNanos() / 1e9)));
            long now = System.nanoTime();
            rate = counted.steps() * 1e9 / (now - before);
            if (counted.perStep() < fewest * STILL_WARMING) {
                fewer = now;
            }
            fewest = Math.min(fewest, counted.perStep());
        } while (System.nanoTime() - fewer < least && System.nanoTime() - begin < least * MOST_WARMTH);
        return counted;
    }

    private Counted count(RunningJob running, long steps) {
        Map<Long, Long> before = ofThreads();
        long taken = running.taken();
        long allBefore = threads.getTotalThreadAllocatedBytes();
        running.steps(steps);
        long all = threads.getTotalThreadAllocatedBytes() - allBefore;
        return new Counted(all, byOwner(before, ofThreads()), running.taken() - taken);
    }

    private static String perAction(long bytes, double steps) {
        return Report.number(bytes / steps / ACTIONS, 1);
    }

    private Map<Long, Long> ofThreads() {
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> all = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            all.put(ids[i], bytes[i]);
        }
        return all;
    }

    private Map<Owner, Long> byOwner(Map<Long, Long> before, Map<Long, Long> after) {
        Map<Owner, Long> bytes = new EnumMap<>(Owner.class);
        after.forEach((id, now) -> {
            var thread = threads.getThreadInfo(id);
            if (thread != null && id != Thread.currentThread().threadId()) {
                bytes.merge(Owner.of(thread.getThreadName()), now - before.getOrDefault(id, 0L), Long::sum);
            }
        });
        return bytes;
    }
}
