package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.graph.Dimension;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Functions of every element, gates and softmax. */
final class ActivationNodes {
    static final Map<String, Exporter> TABLE = Map.ofEntries(
            each("ReLU", site -> site.call("Relu", x(site))),
            each("ReLU6", site -> clipped(site, 0, 6)),
            each("LeakyReLU", site -> leaky(site, number(site, "negative_slope"))),
            each(
                    "ELU",
                    site -> site.op("Elu", x(site))
                            .with("alpha", number(site, "alpha"))
                            .get()),
            each("CELU", ActivationNodes::celu),
            each("SELU", site -> site.call("Selu", x(site))),
            each("GELU", ActivationNodes::gelu),
            each("SiLU", site -> site.call("Mul", x(site), site.call("Sigmoid", x(site)))),
            each("Mish", ActivationNodes::mish),
            each("Softplus", ActivationNodes::softplus),
            each("Softsign", site -> site.call("Softsign", x(site))),
            each("Softshrink", site -> shrunk(site, number(site, "lambd"))),
            each("Hardshrink", site -> shrunk(site, 0)),
            each("Tanhshrink", site -> site.call("Sub", x(site), site.call("Tanh", x(site)))),
            each("Threshold", ActivationNodes::threshold),
            each("Tanh", site -> site.call("Tanh", x(site))),
            each("Sigmoid", site -> site.call("Sigmoid", x(site))),
            each("LogSigmoid", site -> site.call("Neg", site.call("Softplus", site.call("Neg", x(site))))),
            each("Hardtanh", site -> clipped(site, number(site, "min_val"), number(site, "max_val"))),
            each(
                    "Hardsigmoid",
                    site -> site.op("HardSigmoid", x(site))
                            .with("alpha", 1.0 / 6)
                            .get()),
            each("Hardswish", site -> site.call("HardSwish", x(site))),
            each("PReLU", ActivationNodes::prelu),
            each("RReLU", site -> leaky(site, (number(site, "lower") + number(site, "upper")) / 2)),
            each("Softmax", site -> along(site, "Softmax", x(site))),
            each("LogSoftmax", site -> along(site, "LogSoftmax", x(site))),
            each("Softmin", site -> along(site, "Softmax", site.call("Neg", x(site)))),
            each("GLU", ActivationNodes::glu),
            each("Maxout", ActivationNodes::maxout));

    private ActivationNodes() {}

    private static Map.Entry<String, Exporter> each(String layer, Function<Site, String> exporter) {
        return Map.entry(layer, site -> List.of(exporter.apply(site)));
    }

    private static String x(Site site) {
        return site.input(0);
    }

    private static double number(Site site, String argument) {
        return site.arguments().number(argument);
    }

    private static String clipped(Site site, double least, double most) {
        return site.call("Clip", x(site), site.number(least), site.number(most));
    }

    private static String leaky(Site site, double slope) {
        return site.op("LeakyRelu", x(site)).with("alpha", slope).get();
    }

    private static String shrunk(Site site, double bias) {
        return site.op("Shrink", x(site))
                .with("lambd", number(site, "lambd"))
                .with("bias", bias)
                .get();
    }

    private static String celu(Site site) {
        double alpha = number(site, "alpha");
        String power = site.call("Exp", site.call("Mul", x(site), site.number(1 / alpha)));
        String below = site.call("Mul", site.call("Sub", power, site.number(1)), site.number(alpha));
        return site.call("Where", site.call("Greater", x(site), site.number(0)), x(site), below);
    }

    private static String gelu(Site site) {
        String share;
        if (site.arguments().word("approximate").equals("tanh")) {
            String cube = site.call("Mul", site.call("Mul", x(site), x(site)), x(site));
            String sum = site.call("Add", x(site), site.call("Mul", cube, site.number(0.044715)));
            share = site.call("Tanh", site.call("Mul", sum, site.number(Math.sqrt(2 / Math.PI))));
        } else {
            share = site.call("Erf", site.call("Mul", x(site), site.number(Math.sqrt(0.5))));
        }
        String half = site.call("Mul", x(site), site.number(0.5));
        return site.call("Mul", half, site.call("Add", share, site.number(1)));
    }

    private static String mish(Site site) {
        return site.call("Mul", x(site), site.call("Tanh", site.call("Softplus", x(site))));
    }

    private static String softplus(Site site) {
        double beta = number(site, "beta");
        String times = site.call("Mul", x(site), site.number(beta));
        String bent = site.call("Mul", site.call("Softplus", times), site.number(1 / beta));
        String large = site.call("Greater", times, site.number(number(site, "threshold")));
        return site.call("Where", large, x(site), bent);
    }

    private static String threshold(Site site) {
        String above = site.call("Greater", x(site), site.number(number(site, "threshold")));
        return site.call("Where", above, x(site), site.number(number(site, "value")));
    }

    /** Slopes of channels stand in dimension 1. */
    private static String prelu(Site site) {
        int slopes = site.arguments().integer("num_parameters");
        String weight = site.parameter("weight");
        if (slopes > 1 && site.rank(0) > 2) {
            long[] shape = new long[site.rank(0) - 1];
            Arrays.fill(shape, 1);
            shape[0] = slopes;
            weight = site.reshape(weight, shape);
        }
        return site.call("PRelu", x(site), weight);
    }

    private static String along(Site site, String operator, String value) {
        return site.op(operator, value)
                .with("axis", site.arguments().integer("dim"))
                .get();
    }

    private static String glu(Site site) {
        int dim = site.arguments().integer("dim");
        int half = site.size(0, dim) / 2;
        List<String> halves = site.split(x(site), dim, half, half);
        return site.call("Mul", halves.get(0), site.call("Sigmoid", halves.get(1)));
    }

    private static String maxout(Site site) {
        Arguments arguments = site.arguments();
        List<Dimension> parted = new ArrayList<>(site.outputSizes(0));
        parted.add(Dimension.of(arguments.integer("num_pieces")));
        String pieces = site.toShape(x(site), site.sizes(0), parted);
        return site.reduce("ReduceMax", pieces, false, -1);
    }
}
