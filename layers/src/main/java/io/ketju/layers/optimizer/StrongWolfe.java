package io.ketju.layers.optimizer;

import java.util.ArrayList;
import java.util.List;

/**
 * A search along a direction for a point that fulfils the strong Wolfe conditions, one evaluation at a time (Nocedal and Wright,
 * "Numerical optimization", 2006, algorithms 3.5 and 3.6, with cubic interpolation), deciding as torch.optim.LBFGS does. First the step
 * grows until a minimum must lie behind it, then the interval shrinks around the minimum. Not thread-safe.
 */
final class StrongWolfe {
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;

    /** Where the gradient of a point is. */
    enum Gradient {
        /** That of the place where the search began. */
        START,
        /** That which was kept. */
        KEPT,
        /** That of the evaluation just heard of. */
        LATEST
    }

    /** What follows from an evaluation. */
    sealed interface Decision {}

    /**
     * Evaluate there.
     *
     * @param keep whether the gradient of the evaluation just heard of is kept before that
     */
    record Try(double t, boolean keep) implements Decision {}

    /** The search is over. */
    record Accept(double t, double loss, Gradient gradient) implements Decision {}

    private record Point(double t, double loss, double slope, Gradient gradient) {
        Point with(Gradient other) {
            return new Point(t, loss, slope, other);
        }
    }

    private final Point start;
    private final int most;
    private final double toleranceChange;
    private double t;
    private int steps;
    private int evaluations;
    private Point previous;
    /** The ends of the interval around a minimum, in the order in which they were found; none while the step still grows. */
    private final List<Point> ends = new ArrayList<>();
    /** Which of the ends has the lower loss. */
    private int low;
    /** Whether the last point lay close to an end. */
    private boolean stuck;

    /**
     * @param loss where the search begins
     * @param slope along the direction, below 0
     * @param first where to evaluate first
     * @param most evaluations after the first
     */
    StrongWolfe(double loss, double slope, double first, int most, double toleranceChange) {
        start = new Point(0, loss, slope, Gradient.START);
        previous = start;
        t = first;
        this.most = most;
        this.toleranceChange = toleranceChange;
    }

    /** Evaluations so far. */
    int evaluations() {
        return evaluations;
    }

    /**
     * The evaluation that was asked for.
     *
     * @param reach the largest element of the direction
     */
    Decision on(double loss, double slope, double reach) {
        evaluations++;
        Point latest = new Point(t, loss, slope, Gradient.LATEST);
        return ends.isEmpty() ? grow(latest, reach) : shrink(latest, reach);
    }

    private boolean fallsTooLittle(Point point) {
        return point.loss() > start.loss() + DECREASE * point.t() * start.slope();
    }

    private boolean isFlat(Point point) {
        return Math.abs(point.slope()) <= -CURVATURE * start.slope();
    }

    private Decision grow(Point latest, double reach) {
        if (steps >= most) {
            return accept(start.loss() <= latest.loss() ? start : latest);
        }
        boolean rises = fallsTooLittle(latest) || (steps > 1 && latest.loss() >= previous.loss());
        if (!rises && isFlat(latest)) {
            return accept(latest);
        } else if (rises || latest.slope() >= 0) {
            ends.addAll(List.of(previous, latest));
            low = previous.loss() <= latest.loss() ? 0 : 1;
            return divide(reach);
        }
        double next = interpolate(previous, latest, t + 0.01 * (t - previous.t()), 10 * t);
        previous = latest.with(Gradient.KEPT);
        t = next;
        steps++;
        return new Try(t, true);
    }

    private Decision shrink(Point latest, double reach) {
        steps++;
        Point lowest = ends.get(low);
        int high = 1 - low;
        if (fallsTooLittle(latest) || latest.loss() >= lowest.loss()) {
            ends.set(high, latest);
            low = ends.getFirst().loss() <= ends.getLast().loss() ? 0 : 1;
            return divide(reach);
        } else if (isFlat(latest)) {
            return accept(latest);
        }
        if (latest.slope() * (ends.get(high).t() - lowest.t()) >= 0) {
            ends.set(high, lowest);
        }
        ends.set(low, latest);
        return divide(reach);
    }

    /** Evaluates within the interval, or ends. */
    private Decision divide(double reach) {
        double least = Math.min(ends.getFirst().t(), ends.getLast().t());
        double greatest = Math.max(ends.getFirst().t(), ends.getLast().t());
        Point lowest = ends.get(low);
        if (steps >= most || (greatest - least) * reach < toleranceChange) {
            return accept(lowest);
        }
        t = interpolate(ends.getFirst(), ends.getLast(), least, greatest);
        double margin = 0.1 * (greatest - least);
        boolean close = Math.min(greatest - t, t - least) < margin;
        boolean moved = close && (stuck || t >= greatest || t <= least);
        if (moved) {
            t = Math.abs(t - greatest) < Math.abs(t - least) ? greatest - margin : least + margin;
        }
        stuck = close && !moved;
        boolean keep = lowest.gradient() == Gradient.LATEST;
        ends.replaceAll(end -> end.gradient() == Gradient.LATEST ? end.with(Gradient.KEPT) : end);
        return new Try(t, keep);
    }

    private static Accept accept(Point point) {
        return new Accept(point.t(), point.loss(), point.gradient());
    }

    /** The minimum of the cubic through both points and slopes, within bounds; their middle where it has none. */
    private static double interpolate(Point a, Point b, double least, double greatest) {
        Point left = a.t() <= b.t() ? a : b;
        Point right = a.t() <= b.t() ? b : a;
        double bend = left.slope() + right.slope() - 3 * (left.loss() - right.loss()) / (left.t() - right.t());
        double square = bend * bend - left.slope() * right.slope();
        if (!(square >= 0)) {
            return (least + greatest) / 2;
        }
        double root = Math.sqrt(square);
        double at = right.t()
                - (right.t() - left.t())
                        * ((right.slope() + root - bend) / (right.slope() - left.slope() + 2 * root));
        return Math.min(Math.max(at, least), greatest);
    }
}
