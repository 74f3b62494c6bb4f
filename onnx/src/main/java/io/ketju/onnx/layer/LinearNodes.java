package io.ketju.onnx.layer;

import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import java.util.List;
import java.util.Map;

/** Linear maps. */
final class LinearNodes {
    static final Map<String, Exporter> TABLE =
            Map.of("Linear", LinearNodes::linear, "Bilinear", LinearNodes::bilinear, "Bias", LinearNodes::bias);

    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";

    private LinearNodes() {}

    private static List<String> linear(Site site) {
        String weight = site.parameter(WEIGHT);
        String bias = site.hasParameter(BIAS) ? site.parameter(BIAS) : Site.NOTHING;
        return List.of(product(site, site.input(0), site.rank(0), weight, bias));
    }

    /** {@code x · weightᵀ + bias}; bias may be {@link Site#NOTHING}. */
    static String product(Site site, String x, int rank, String weight, String bias) {
        if (rank == 2) {
            return (bias.isEmpty() ? site.op("Gemm", x, weight) : site.op("Gemm", x, weight, bias))
                    .with("transB", 1)
                    .get();
        }
        String product = site.call("MatMul", x, site.transpose(weight, 1, 0));
        return bias.isEmpty() ? product : site.call("Add", product, bias);
    }

    private static List<String> bias(Site site) {
        return List.of(site.call("Add", site.input(0), site.parameter(BIAS)));
    }

    /** {@code y[k] = Σ x1[i] · weight[k, i, j] · x2[j]}: a product with each column of x1 first, then with x2. */
    private static List<String> bilinear(Site site) {
        int in1 = site.arguments().integer("in1_features");
        int in2 = site.arguments().integer("in2_features");
        int out = site.arguments().integer("out_features");
        String x1 = site.reshape(site.input(0), -1, in1);
        String x2 = site.reshape(site.input(1), -1, 1, in2);
        String weight = site.reshape(site.transpose(site.parameter(WEIGHT), 1, 0, 2), in1, (long) out * in2);
        String each = site.reshape(site.call("MatMul", x1, weight), -1, out, in2);
        String y = site.reduce("ReduceSum", site.call("Mul", each, x2), false, 2);
        y = site.hasParameter(BIAS) ? site.call("Add", y, site.parameter(BIAS)) : y;
        return List.of(site.rank(0) == 2 ? y : site.toShape(y, List.of(), site.outputSizes(0)));
    }
}
