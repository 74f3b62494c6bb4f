package io.ketju.onnx.layer;

import io.ketju.layers.convolution.Conv1d;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.convolution.Margin;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import io.ketju.onnx.layer.PaddingNodes.Edge;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.resampling.PaddingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Convolutions, of sequences and of images. */
final class ConvolutionNodes {
    static final Map<String, Exporter> TABLE = Map.of(
            "Conv1d",
            site -> convolution(site, ((Conv1d) site.layer()).images()),
            "Conv2d",
            site -> convolution(site, (Conv2d) site.layer()),
            "ConvTranspose1d",
            ConvolutionNodes::transposed,
            "ConvTranspose2d",
            ConvolutionNodes::transposed);

    private ConvolutionNodes() {}

    /** Both numbers of images, the second one of sequences. */
    private static long[] numbers(boolean images, int rows, int columns) {
        return images ? new long[] {rows, columns} : new long[] {columns};
    }

    private static List<String> convolution(Site site, Conv2d layer) {
        boolean images = site.rank(0) == 4;
        Window window = layer.window();
        Margin margin = layer.margin();
        int bottom = window.padY() + margin.more().rows();
        int right = window.padX() + margin.more().columns();
        String x = site.input(0);
        long[] pads =
                images ? new long[] {window.padY(), window.padX(), bottom, right} : new long[] {window.padX(), right};
        if (margin.mode() != PaddingMode.ZEROS) {
            List<Edge> edges = new ArrayList<>();
            edges.add(new Edge(site.rank(0) - 1, window.padX(), right));
            if (images) {
                edges.add(new Edge(2, window.padY(), bottom));
            }
            x = PaddingNodes.pad(site, x, margin.mode(), 0, edges);
            pads = new long[pads.length];
        }
        List<String> operands = operands(site, x);
        return List.of(site.op("Conv", operands.toArray(String[]::new))
                .ints("kernel_shape", numbers(images, window.kernelHeight(), window.kernelWidth()))
                .ints("strides", numbers(images, window.strideY(), window.strideX()))
                .ints("dilations", numbers(images, window.dilationY(), window.dilationX()))
                .ints("pads", pads)
                .with("group", layer.groups())
                .get());
    }

    private static List<String> operands(Site site, String x) {
        List<String> operands = new ArrayList<>(List.of(x, site.parameter("weight")));
        if (site.hasParameter("bias")) {
            operands.add(site.parameter("bias"));
        }
        return operands;
    }

    private static List<String> transposed(Site site) {
        boolean images = site.rank(0) == 4;
        Arguments arguments = site.arguments();
        Pair padding = arguments.pair("padding");
        long[] pads = images
                ? new long[] {padding.rows(), padding.columns(), padding.rows(), padding.columns()}
                : new long[] {padding.columns(), padding.columns()};
        List<String> operands = operands(site, site.input(0));
        return List.of(site.op("ConvTranspose", operands.toArray(String[]::new))
                .ints("kernel_shape", numbers(images, arguments.pair("kernel_size")))
                .ints("strides", numbers(images, arguments.pair("stride")))
                .ints("dilations", numbers(images, arguments.pair("dilation")))
                .ints("output_padding", numbers(images, arguments.pair("output_padding")))
                .ints("pads", pads)
                .with("group", arguments.integer("groups"))
                .get());
    }

    private static long[] numbers(boolean images, Pair pair) {
        return numbers(images, pair.rows(), pair.columns());
    }
}
