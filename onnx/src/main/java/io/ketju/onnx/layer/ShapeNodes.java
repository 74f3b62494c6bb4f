package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Other shapes and parts of what is there. */
final class ShapeNodes {
    static final Map<String, Exporter> TABLE = Map.ofEntries(
            Map.entry("Identity", site -> List.of(site.input(0))),
            Map.entry("Flatten", ShapeNodes::reshaped),
            Map.entry("Unflatten", ShapeNodes::reshaped),
            Map.entry("Reshape", ShapeNodes::reshaped),
            Map.entry("Permute", ShapeNodes::permuted),
            Map.entry("Transpose", ShapeNodes::transposed),
            Map.entry("Narrow", ShapeNodes::narrowed),
            Map.entry("Slice", ShapeNodes::sliced),
            Map.entry("Concat", ShapeNodes::concatenated),
            Map.entry("Chunk", ShapeNodes::chunks),
            Map.entry("Split", ShapeNodes::parts));

    private static final String DIM = "dim";

    private ShapeNodes() {}

    private static int axis(Site site, String argument) {
        int dim = site.arguments().integer(argument);
        return dim < 0 ? dim + site.rank(0) : dim;
    }

    private static List<String> reshaped(Site site) {
        return List.of(site.toShape(site.input(0), site.sizes(0), site.outputSizes(0)));
    }

    private static List<String> permuted(Site site) {
        long[] dims = site.arguments().integers("dims").stream()
                .mapToLong(dim -> dim < 0 ? dim + site.rank(0) : dim)
                .toArray();
        return List.of(site.transpose(site.input(0), dims));
    }

    private static List<String> transposed(Site site) {
        long[] order = LongStream.range(0, site.rank(0)).toArray();
        int first = axis(site, "dim0");
        int second = axis(site, "dim1");
        order[first] = second;
        order[second] = first;
        return List.of(site.transpose(site.input(0), order));
    }

    private static List<String> narrowed(Site site) {
        Arguments arguments = site.arguments();
        int axis = axis(site, DIM);
        int start = arguments.integer("start");
        int first = start < 0 ? start + site.size(0, axis) : start;
        return List.of(site.slice(site.input(0), axis, first, first + (long) arguments.integer("length"), 1));
    }

    private static List<String> sliced(Site site) {
        Arguments arguments = site.arguments();
        long end = arguments
                        .text("end")
                        .filter(text -> !text.equalsIgnoreCase("none"))
                        .isPresent()
                ? arguments.integer("end")
                : Long.MAX_VALUE;
        return List.of(
                site.slice(site.input(0), axis(site, DIM), arguments.integer("start"), end, arguments.integer("step")));
    }

    private static List<String> concatenated(Site site) {
        return List.of(site.concat(axis(site, DIM), site.inputsFrom(0)));
    }

    private static List<String> chunks(Site site) {
        int axis = axis(site, DIM);
        long[] sizes = new long[site.arguments().integer("chunks")];
        Arrays.fill(sizes, site.size(0, axis) / sizes.length);
        return site.split(site.input(0), axis, sizes);
    }

    private static List<String> parts(Site site) {
        long[] sizes = site.arguments().integers("split_size_or_sections").stream()
                .mapToLong(Integer::longValue)
                .toArray();
        return site.split(site.input(0), axis(site, DIM), sizes);
    }
}
