package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.peers.WorkSpec;
import java.util.List;
import java.util.Locale;

/**
 * One row of a table.
 *
 * @param group the table: ratios come together over it
 * @param title what the row is called
 * @param spec the work, for Ketju and the peer alike
 * @param otherwise other ways for the peer to do the same, of which the best counts
 * @param unit what is counted
 * @param perCall so much of it in one call
 * @param bytes read and written by one call, if the speed of the memory is the limit, else 0
 */
public record KernelCase(
        String group,
        String title,
        WorkSpec spec,
        List<WorkSpec> otherwise,
        String unit,
        double perCall,
        double bytes) {
    /** Floating-point operations. */
    public static KernelCase flops(String group, String title, WorkSpec spec, double flops) {
        return new KernelCase(group, title, spec, List.of(), "GFLOP/s", flops, 0);
    }

    /** Elements; bytes 0 for those in cache. */
    public static KernelCase elements(String group, WorkSpec spec, double elements, double bytes) {
        String title =
                spec.text().replace("rows=", "").replace(" columns=", " x ").replace("n=", "");
        return new KernelCase(group, title, spec, List.of(), "G elements/s", elements, bytes);
    }

    /** The same where the peer may also do this. */
    public KernelCase or(WorkSpec other) {
        return new KernelCase(group, title, spec, List.of(other), unit, perCall, bytes);
    }

    /** By which it can be chosen: {@code convolution forward/resnet18 64x56x56 to 64, 3x3 batch 8}. */
    public String name() {
        return (group + "/" + title).toLowerCase(Locale.ROOT);
    }
}
