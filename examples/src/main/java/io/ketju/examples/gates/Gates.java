package io.ketju.examples.gates;

import io.ketju.examples.gates.Circuit.Gate;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Lesson;
import io.ketju.plot.Chart;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Example 4. */
public final class Gates implements Example {
    private static final double STEP = 1e-5;

    @Override
    public String name() {
        return "gates";
    }

    @Override
    public String question() {
        return "How does a gradient come to a weight? Gates, the chain rule, and a numerical check";
    }

    @Override
    public void run(Lesson lesson) {
        lesson.print("f = 2 (x y + max(x, z)): x is copied, its gradients add up");
        Circuit mixed = show(lesson, Gates::mixed, 3, -4, 2);
        lesson.print("");
        lesson.print("((x w1) w2) w3, three layers of one unit each");
        show(lesson, Gates::product, 1.5, 0.5, -2, 4);
        lesson.print("");
        lesson.print("sigmoid of w0 x0 + w1 x1 + w2, gate by gate");
        Circuit sigmoid = show(lesson, Gates::sigmoid, 2, -1, -3, -2, -3);
        lesson.print("");
        VectorCheck.run(lesson);
        lesson.print("");
        NetworkCheck.run(lesson);
        lesson.picture("copied", CircuitPicture.of("f = 2 (x y + max(x, z))", mixed));
        lesson.picture("sigmoid", CircuitPicture.of("f = sigmoid(w0 x0 + w1 x1 + w2)", sigmoid));
        lesson.picture("error", errors());
    }

    /** A function as gates, of its inputs' values. */
    private interface Wiring extends Function<double[], Circuit> {}

    private static Circuit mixed(double[] in) {
        Circuit c = new Circuit();
        Gate x = c.input("x", in[0]);
        Gate product = c.multiply("x y", c.input("y", in[1]), x);
        Gate larger = c.max("max(x, z)", x, c.input("z", in[2]));
        c.times("f", 2, c.add("sum", product, larger));
        return c;
    }

    private static Circuit product(double[] in) {
        Circuit c = new Circuit();
        Gate first = c.multiply("x w1", c.input("x", in[0]), c.input("w1", in[1]));
        Gate second = c.multiply("(x w1) w2", first, c.input("w2", in[2]));
        c.multiply("f", second, c.input("w3", in[3]));
        return c;
    }

    private static Circuit sigmoid(double[] in) {
        Circuit c = new Circuit();
        Gate first = c.multiply("w0 x0", c.input("w0", in[0]), c.input("x0", in[1]));
        Gate second = c.multiply("w1 x1", c.input("w1", in[2]), c.input("x1", in[3]));
        Gate sum = c.add("sum", c.add("w0 x0 + w1 x1", first, second), c.input("w2", in[4]));
        Gate power = c.exp("exp", c.times("-sum", -1, sum));
        c.reciprocal("f = 1 / ...", c.plus("1 + exp", 1, power));
        return c;
    }

    private static Circuit show(Lesson lesson, Wiring wiring, double... in) {
        Circuit circuit = wiring.apply(in);
        circuit.backward();
        lesson.print("%-16s%10s%12s%14s", "wire", "value", "gradient", "difference");
        int input = 0;
        for (Gate gate : circuit.gates()) {
            String check =
                    gate.isInput() ? String.format(Locale.ROOT, "%.4f", difference(wiring, in, input++, STEP)) : "";
            lesson.print("%-16s%10.4f%12.4f%14s", gate.name, gate.value, gate.gradient, check);
        }
        return circuit;
    }

    /** (f(x + h) - f(x - h)) / 2h, the numerical gradient of one input. */
    private static double difference(Wiring wiring, double[] in, int input, double step) {
        double[] more = in.clone();
        double[] less = in.clone();
        more[input] += step;
        less[input] -= step;
        return (value(wiring, more) - value(wiring, less)) / (2 * step);
    }

    private static double value(Wiring wiring, double[] in) {
        List<Gate> gates = wiring.apply(in).gates();
        return gates.getLast().value;
    }

    /** How wrong a difference is: of a large step because the curve bends, of a small one because doubles are rounded. */
    private static Chart errors() {
        double[] in = {2, -1, -3, -2, -3};
        Circuit circuit = sigmoid(in);
        circuit.backward();
        double exact = circuit.gates().getFirst().gradient;
        double[] steps = new double[19];
        Arrays.setAll(steps, i -> StrictMath.pow(10, -i / 2.0));
        double[] central = Arrays.stream(steps)
                .map(h -> Math.abs(difference(Gates::sigmoid, in, 0, h) - exact))
                .toArray();
        double[] sided =
                Arrays.stream(steps).map(h -> Math.abs(oneSided(in, h) - exact)).toArray();
        return new Chart("Error of the numerical gradient", "step h", "error")
                .logarithmicX()
                .logarithmicY()
                .line("(f(x + h) - f(x)) / h", steps, sided)
                .line("(f(x + h) - f(x - h)) / 2h", steps, central);
    }

    private static double oneSided(double[] in, double step) {
        double[] more = in.clone();
        more[0] += step;
        return (value(Gates::sigmoid, more) - value(Gates::sigmoid, in)) / step;
    }
}
