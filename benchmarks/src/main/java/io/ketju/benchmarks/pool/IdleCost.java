package io.ketju.benchmarks.pool;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** What the workers of all pools of this JVM cost while there is no work. */
final class IdleCost {
    private IdleCost() {}

    /** Processor time of all workers over one second, in microseconds. */
    static double microsPerSecond() throws InterruptedException {
        Thread.sleep(100); // they fall asleep
        long before = nanos();
        Thread.sleep(1000);
        return (nanos() - before) / 1e3;
    }

    private static long nanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<Thread> workers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ketju-compute-"))
                .toList();
        return workers.stream()
                .mapToLong(thread -> threads.getThreadCpuTime(thread.threadId()))
                .sum();
    }
}
