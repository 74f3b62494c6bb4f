package io.ketju.layers.optimizer;

import io.ketju.layers.optimizer.LBFGSSearch.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** L-BFGS over one vector of doubles: the plain meaning of every move. */
final class DoubleSearch {
    /** A value and its gradient. */
    private record Slope(double value, double[] gradient) {}

    private final LBFGS options;
    private final Function<double[], Slope> function;
    private double[] point;
    private double[] gradient;
    private double[] direction;
    private double[] previous;
    private double[] initial;
    private double[] kept;
    private final double[][] moves;
    private final double[][] changes;
    private LBFGSSearch search;
    private int evaluations;

    private DoubleSearch(LBFGS options, Function<double[], Slope> function, double[] point) {
        this.options = options;
        this.function = function;
        this.point = point;
        int size = point.length;
        gradient = new double[size];
        direction = new double[size];
        previous = new double[size];
        initial = new double[size];
        kept = new double[size];
        moves = new double[options.historySize()][size];
        changes = new double[options.historySize()][size];
        search = new LBFGSSearch(options);
    }

    static DoubleSearch of(String function, LBFGS options) {
        return switch (function) {
            case "rosenbrock" -> new DoubleSearch(options, DoubleSearch::rosenbrock, new double[] {-1.25, 1, -0.75, 1.5, 0.25, -1});
            case "quartic" -> new DoubleSearch(options, DoubleSearch::quartic, new double[] {4, 4, -3, 0.5, 2});
            default -> throw new IllegalArgumentException(function);
        };
    }

    private static Slope rosenbrock(double[] x) {
        double value = 0;
        double[] gradient = new double[x.length];
        for (int i = 0; i + 1 < x.length; i++) {
            double a = x[i + 1] - x[i] * x[i];
            double b = 1 - x[i];
            value += 100 * a * a + b * b;
            gradient[i] += -400 * a * x[i] - 2 * b;
            gradient[i + 1] += 200 * a;
        }
        return new Slope(value, gradient);
    }

    private static Slope quartic(double[] x) {
        double[] centre = {1, -2, 0.5, 3, -1};
        double weight = 1;
        double value = 0;
        double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double a = x[i] - centre[i];
            value += weight * a * a + 0.125 * Math.pow(x[i], 4);
            gradient[i] = 2 * weight * a + 0.5 * Math.pow(x[i], 3);
            weight *= 4;
        }
        return new Slope(value, gradient);
    }

    double[] point() {
        return point.clone();
    }

    int evaluations() {
        return evaluations;
    }

    /** Of all steps. */
    int iterations() {
        return search.memory().getFirst().intValue();
    }

    /** Goes on as after a checkpoint. */
    void forgetAllButMemory() {
        List<Double> memory = search.memory();
        search = new LBFGSSearch(options);
        search.remember(memory);
        gradient = new double[point.length];
        initial = new double[point.length];
        kept = new double[point.length];
    }

    void step() {
        boolean ends = false;
        while (!ends) {
            Slope slope = function.apply(point);
            gradient = slope.gradient();
            evaluations++;
            Decision decision = search.on(evaluation(slope.value()), options.learningRate());
            decision.moves().forEach(this::perform);
            ends = decision.ends();
        }
    }

    private LBFGSEvaluation evaluation(double loss) {
        return new LBFGSEvaluation(
                loss,
                dot(gradient, gradient),
                Arrays.stream(gradient).map(Math::abs).sum(),
                largest(gradient),
                dot(gradient, direction),
                largest(direction),
                dot(gradient, previous),
                products(moves),
                products(changes));
    }

    private List<Double> products(double[][] vectors) {
        List<Double> products = new ArrayList<>();
        for (double[] vector : vectors) {
            products.add(dot(gradient, vector));
        }
        return products;
    }

    private void perform(LBFGSMove move) {
        switch (move) {
            case LBFGSMove.Keep keep -> kept = gradient.clone();
            case LBFGSMove.Restore restore ->
                gradient = (restore.from() == LBFGSMove.From.KEPT ? kept : previous).clone();
            case LBFGSMove.Remember pair -> {
                moves[pair.place()] = sum(new double[point.length], pair.t(), direction);
                changes[pair.place()] = sum(gradient, -1, previous);
            }
            case LBFGSMove.Direct direct -> {
                direction = sum(new double[point.length], direct.ofGradient(), gradient);
                for (LBFGSMove.Direct.Term term : direct.terms()) {
                    direction = sum(direction, term.ofMove(), moves[term.place()]);
                    direction = sum(direction, term.ofChange(), changes[term.place()]);
                }
            }
            case LBFGSMove.Begin begin -> {
                previous = gradient.clone();
                initial = point.clone();
            }
            case LBFGSMove.Go go -> point = sum(point, go.t(), direction);
            case LBFGSMove.Place place -> point = sum(initial, place.t(), direction);
        }
    }

    private static double[] sum(double[] a, double factor, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + factor * b[i];
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] a) {
        double largest = 0;
        for (double one : a) {
            largest = Math.max(largest, Math.abs(one));
        }
        return largest;
    }
}
