package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.Site;
import java.util.List;
import java.util.Map;

/** Sums, products and reductions. */
final class ArithmeticNodes {
    static final Map<String, Exporter> TABLE = Map.of(
            "Add", ArithmeticNodes::sum,
            "Sub", site -> binary(site, "Sub"),
            "Mul", site -> binary(site, "Mul"),
            "Div", site -> binary(site, "Div"),
            "MatMul", site -> binary(site, "MatMul"),
            "Scale", ArithmeticNodes::scale,
            "Sum", site -> reduced(site, "ReduceSum"),
            "Mean", site -> reduced(site, "ReduceMean"),
            "Max", site -> reduced(site, "ReduceMax"));

    private ArithmeticNodes() {}

    private static List<String> sum(Site site) {
        String sum = site.input(0);
        for (int i = 1; i < site.inputs(); i++) {
            sum = site.call("Add", sum, site.input(i));
        }
        return List.of(sum);
    }

    private static List<String> binary(Site site, String operator) {
        return List.of(site.call(operator, site.input(0), site.input(1)));
    }

    private static List<String> scale(Site site) {
        double factor = site.arguments().number("factor");
        return List.of(site.call("Mul", site.input(0), site.number(factor)));
    }

    private static List<String> reduced(Site site, String operator) {
        Arguments arguments = site.arguments();
        long[] axes =
                arguments.integers("dim").stream().mapToLong(Integer::longValue).toArray();
        return List.of(site.reduce(operator, site.input(0), arguments.flag("keepdim"), axes));
    }
}
