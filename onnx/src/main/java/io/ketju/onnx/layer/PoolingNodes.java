package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Operator;
import io.ketju.onnx.graph.Site;
import io.ketju.onnx.layer.PaddingNodes.Edge;
import io.ketju.tensor.kernel.resampling.PaddingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Poolings by sliding windows. Planes are padded as far as the last window reaches, whether it is whole or not: so no reader has
 * to agree with anybody about what ceil mode leaves over.
 */
final class PoolingNodes {
    static final Map<String, Exporter> TABLE = table();

    private PoolingNodes() {}

    private static Map<String, Exporter> table() {
        Map<String, Exporter> table = new HashMap<>(AdaptivePoolingNodes.TABLE);
        for (int sides = 1; sides <= 2; sides++) {
            table.put("MaxPool" + sides + "d", PoolingNodes::maximum);
            table.put("AvgPool" + sides + "d", PoolingNodes::mean);
            table.put("LPPool" + sides + "d", PoolingNodes::norm);
        }
        return Map.copyOf(table);
    }

    /** The windows along one axis. */
    private record Slide(int kernel, int stride, int padding, int dilation, int size, int count) {
        int extent() {
            return (kernel - 1) * dilation + 1;
        }

        /** Positions that windows reach beyond the end. */
        int after() {
            return Math.max(0, (count - 1) * stride + extent() - size - padding);
        }

        /** Positions of a window that are counted: those of planes and of their padding, or of planes alone. */
        int counted(int window, boolean withPadding) {
            int start = window * stride - padding;
            int end = Math.min(start + kernel, withPadding ? size + padding : size);
            return end - (withPadding ? start : Math.max(0, start));
        }
    }

    private static List<Slide> slides(Site site) {
        Arguments arguments = site.arguments();
        Pair kernel = arguments.pair("kernel_size");
        Pair stride = arguments.pair("stride", kernel);
        Pair padding = arguments.pair("padding", Pair.of(0));
        Pair dilation = arguments.pair("dilation", Pair.of(1));
        List<Slide> slides = new ArrayList<>();
        if (site.rank(0) == 4) {
            int size = site.size(0, 2);
            slides.add(new Slide(
                    kernel.rows(), stride.rows(), padding.rows(), dilation.rows(), size, site.outputSize(0, 2)));
        }
        slides.add(new Slide(
                kernel.columns(),
                stride.columns(),
                padding.columns(),
                dilation.columns(),
                site.size(0, -1),
                site.outputSize(0, -1)));
        return slides;
    }

    /** Windows over planes; what stands outside of them is {@code outside}. */
    private static Operator slide(Site site, String operator, String x, double outside, List<Slide> slides) {
        List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < slides.size(); i++) {
            edges.add(new Edge(2 + i, slides.get(i).padding, slides.get(i).after()));
        }
        String padded = PaddingNodes.pad(site, x, PaddingMode.ZEROS, outside, edges);
        return site.op(operator, padded)
                .ints("kernel_shape", slides.stream().mapToLong(Slide::kernel).toArray())
                .ints("strides", slides.stream().mapToLong(Slide::stride).toArray());
    }

    private static List<String> maximum(Site site) {
        List<Slide> slides = slides(site);
        return List.of(slide(site, "MaxPool", site.input(0), Double.NEGATIVE_INFINITY, slides)
                .ints("dilations", slides.stream().mapToLong(Slide::dilation).toArray())
                .get());
    }

    private static List<String> mean(Site site) {
        Arguments arguments = site.arguments();
        List<Slide> slides = slides(site);
        String means = slide(site, "AveragePool", site.input(0), 0, slides).get();
        int divisor = arguments.text("divisor_override").isPresent() ? arguments.integer("divisor_override") : 0;
        return List.of(corrected(site, means, slides, arguments.flag("count_include_pad"), divisor));
    }

    /** Means of whole windows, zeros outside counted, to what is divided by the positions that count. */
    private static String corrected(Site site, String means, List<Slide> slides, boolean padding, int divisor) {
        int rows = slides.size() == 1 ? 1 : slides.getFirst().count;
        int columns = slides.getLast().count;
        float[] factors = new float[rows * columns];
        boolean same = true;
        double whole = slides.stream().mapToDouble(Slide::kernel).reduce(1, (a, b) -> a * b);
        for (int i = 0; i < factors.length; i++) {
            int counted = slides.getLast().counted(i % columns, padding);
            counted *= slides.size() == 1 ? 1 : slides.getFirst().counted(i / columns, padding);
            factors[i] = (float) (whole / (divisor == 0 ? counted : divisor));
            same &= factors[i] == 1;
        }
        if (same) {
            return means;
        }
        long[] shape = slides.size() == 1 ? new long[] {columns} : new long[] {rows, columns};
        return site.call("Mul", means, site.floats(factors, shape));
    }

    private static List<String> norm(Site site) {
        double p = site.arguments().number("norm_type");
        List<Slide> slides = slides(site);
        String powers = site.call("Pow", site.input(0), site.number(p));
        // Zeros to the power of p are still zeros, and those that ceil mode adds count for nothing.
        String means = slide(site, "AveragePool", powers, 0, slides).get();
        double whole = slides.stream().mapToDouble(Slide::kernel).reduce(1, (a, b) -> a * b);
        String sums = site.call("Mul", corrected(site, means, slides, true, 0), site.number(whole));
        return List.of(site.call("Pow", sums, site.number(1 / p)));
    }
}
