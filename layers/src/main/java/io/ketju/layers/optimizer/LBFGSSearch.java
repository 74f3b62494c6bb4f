package io.ketju.layers.optimizer;

import io.ketju.layers.optimizer.LBFGSMove.Direct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what {@link LBFGS} does after each evaluation: pure, and a function of the evaluations alone, so all who hear the same do
 * the same. Products with a new pair of the history follow from those of the gradients at its ends, so one exchange of sums
 * is enough for an evaluation. Not thread-safe.
 */
public final class LBFGSSearch {
    /** A pair whose curvature is not above this would spoil the estimate. */
    private static final double LEAST_CURVATURE = 1e-10;

    /**
     * What follows from an evaluation.
     *
     * @param moves to be done, in order
     * @param ends whether the step is over; if not, the same mini-batch is evaluated again
     */
    public record Decision(List<LBFGSMove> moves, boolean ends) {
        /** Copies the moves. */
        public Decision {
            moves = List.copyOf(moves);
        }
    }

    private final LBFGS options;
    private final CurvaturePairs pairs;
    /** Iterations of all steps. */
    private long allIterations;
    /** How far the last iteration went. */
    private double t;
    /** Products of the gradient where the last iteration began: with itself, the direction, and the history. */
    private double startSquares;

    private double startSlope;
    private double[] startMoves;
    private double[] startChanges;

    /** Of the step under way. */
    private int iterations;

    private int evaluations;
    private double startLoss;
    private @Nullable StrongWolfe search;
    /** Where the iteration began, and the one whose gradient was kept. */
    private @Nullable LBFGSEvaluation start;

    private @Nullable LBFGSEvaluation kept;

    /**
     * Of a run that has made no step.
     *
     * @param options limits, tolerances and the size of the history
     */
    public LBFGSSearch(LBFGS options) {
        this.options = options;
        pairs = new CurvaturePairs(options.historySize());
        startMoves = new double[options.historySize()];
        startChanges = new double[options.historySize()];
    }

    /** Forgets all steps. */
    public void reset() {
        pairs.clear();
        allIterations = 0;
        t = 0;
        startSquares = 0;
        startSlope = 0;
        Arrays.fill(startMoves, 0);
        Arrays.fill(startChanges, 0);
    }

    /** {@return places of the history that hold a pair: the first ones} */
    public int pairs() {
        return pairs.count();
    }

    /**
     * Takes an evaluation.
     *
     * @param evaluation of the mini-batch, at the weights to which the last moves led
     * @param learningRate of this step
     * @return what is to be done
     */
    public Decision on(LBFGSEvaluation evaluation, double learningRate) {
        List<LBFGSMove> moves = new ArrayList<>();
        boolean ends;
        if (evaluations == 0) {
            evaluations = 1;
            ends = evaluation.largest() <= options.toleranceGrad() || iterate(evaluation, learningRate, moves);
        } else if (search == null) {
            evaluations++;
            ends = goesNoFurther(evaluation) || iterate(evaluation, learningRate, moves);
        } else {
            ends = search(search, evaluation, learningRate, moves);
        }
        if (ends) {
            evaluations = 0;
            iterations = 0;
            search = null;
            start = null;
            kept = null;
        }
        return new Decision(moves, ends);
    }

    /** Goes on from a point whose gradient is in place; returns whether the step is over. */
    private boolean iterate(LBFGSEvaluation from, double learningRate, List<LBFGSMove> moves) {
        iterations++;
        allIterations++;
        double[] withMoves = doubles(from.withMoves());
        double[] withChanges = doubles(from.withChanges());
        if (allIterations == 1) {
            pairs.clear();
        } else {
            remember(from, withMoves, withChanges, moves);
        }
        Direct direction = pairs.direction(withMoves, withChanges);
        moves.add(direction);
        moves.add(new LBFGSMove.Begin());
        startMoves = withMoves;
        startChanges = withChanges;
        startSquares = from.squares();
        startSlope = direction.ofGradient() * from.squares();
        for (Direct.Term term : direction.terms()) {
            startSlope += term.ofMove() * withMoves[term.place()];
            startSlope += term.ofChange() * withChanges[term.place()];
        }
        startLoss = from.loss();
        t = allIterations == 1 ? Math.min(1, 1 / from.magnitudes()) * learningRate : learningRate;
        if (startSlope > -options.toleranceChange()) {
            return true;
        }
        if (options.strongWolfe()) {
            start = from;
            kept = null;
            int most = options.evaluationLimit() - evaluations;
            search = new StrongWolfe(startLoss, startSlope, t, most, options.toleranceChange());
            moves.add(new LBFGSMove.Place(t));
            return false;
        }
        moves.add(new LBFGSMove.Go(t));
        return iterations == options.maxIterations(); // what nobody would go on from is not evaluated
    }

    /** The last iteration's move, and what it did to the gradient. */
    private void remember(LBFGSEvaluation from, double[] withMoves, double[] withChanges, List<LBFGSMove> moves) {
        double curvature = t * (from.slope() - startSlope);
        double square = from.squares() - 2 * from.withPrevious() + startSquares;
        if (!(curvature > LEAST_CURVATURE && square > 0)) {
            return;
        }
        int place = pairs.nextPlace();
        double[] changeMoves = new double[withMoves.length];
        double[] changeChanges = new double[withMoves.length];
        for (int other = 0; other < pairs.count(); other++) {
            changeMoves[other] = withMoves[other] - startMoves[other];
            changeChanges[other] = withChanges[other] - startChanges[other];
        }
        pairs.add(curvature, square, changeMoves, changeChanges);
        withMoves[place] = t * from.slope();
        withChanges[place] = from.squares() - from.withPrevious();
        moves.add(new LBFGSMove.Remember(place, t));
    }

    private boolean search(StrongWolfe line, LBFGSEvaluation evaluation, double learningRate, List<LBFGSMove> moves) {
        switch (line.on(evaluation.loss(), evaluation.slope(), evaluation.reach())) {
            case StrongWolfe.Try next -> {
                if (next.keep()) {
                    kept = evaluation;
                    moves.add(new LBFGSMove.Keep());
                }
                moves.add(new LBFGSMove.Place(next.t()));
                return false;
            }
            case StrongWolfe.Accept found -> {
                evaluations += line.evaluations();
                LBFGSEvaluation best = accepted(found.gradient(), evaluation, moves);
                t = found.t();
                moves.add(new LBFGSMove.Place(t));
                return goesNoFurther(best) || iterate(best, learningRate, moves);
            }
        }
    }

    private LBFGSEvaluation accepted(StrongWolfe.Gradient gradient, LBFGSEvaluation latest, List<LBFGSMove> moves) {
        LBFGSEvaluation then = kept;
        LBFGSEvaluation first = start;
        if (gradient == StrongWolfe.Gradient.KEPT && then != null) {
            moves.add(new LBFGSMove.Restore(LBFGSMove.From.KEPT));
            return then;
        } else if (gradient == StrongWolfe.Gradient.START && first != null) {
            moves.add(new LBFGSMove.Restore(LBFGSMove.From.START));
            return new LBFGSEvaluation(
                    startLoss,
                    startSquares,
                    first.magnitudes(),
                    first.largest(),
                    startSlope,
                    latest.reach(),
                    startSquares,
                    list(startMoves),
                    list(startChanges));
        }
        return latest;
    }

    private boolean goesNoFurther(LBFGSEvaluation reached) {
        return iterations == options.maxIterations()
                || evaluations >= options.evaluationLimit()
                || reached.largest() <= options.toleranceGrad()
                || Math.abs(t) * reached.reach() <= options.toleranceChange()
                || Math.abs(reached.loss() - startLoss) < options.toleranceChange();
    }

    private static double[] doubles(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static List<Double> list(double[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    /**
     * {@return numbers of {@link #memory}}
     *
     * @param historySize of the optimizer
     */
    public static int memorySize(int historySize) {
        return 4 + 2 * historySize + CurvaturePairs.numbers(historySize);
    }

    /** {@return all that the next step goes on from; to be asked between two steps} */
    public List<Double> memory() {
        List<Double> numbers = new ArrayList<>(List.of((double) allIterations, t, startSquares, startSlope));
        numbers.addAll(list(startMoves));
        numbers.addAll(list(startChanges));
        pairs.write(numbers);
        return numbers;
    }

    /**
     * Goes on from what {@link #memory} gave.
     *
     * @param memory of a search with the same size of the history
     */
    public void remember(List<Double> memory) {
        int history = options.historySize();
        allIterations = memory.getFirst().longValue();
        t = memory.get(1);
        startSquares = memory.get(2);
        startSlope = memory.get(3);
        startMoves = doubles(memory.subList(4, 4 + history));
        startChanges = doubles(memory.subList(4 + history, 4 + 2 * history));
        pairs.read(memory.subList(4 + 2 * history, memory.size()));
    }
}
