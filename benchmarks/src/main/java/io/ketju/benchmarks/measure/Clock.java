package io.ketju.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What a rate is divided by. */
public enum Clock {
    /** Time as it passes: what a user feels, if nothing else runs. */
    WALL,
    /**
     * Processor time of this whole process. On one compute thread it tells how much a result costs even on a machine that
     * others use; on more it counts waiting in a loop as work.
     */
    CPU;

    /** Nanoseconds since some moment. */
    public long nanos() {
        return switch (this) {
            case WALL -> System.nanoTime();
            case CPU ->
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
