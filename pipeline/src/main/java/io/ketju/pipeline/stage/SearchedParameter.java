package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.ParameterBlock.StateTensor;
import io.ketju.layers.optimizer.LBFGS;
import io.ketju.layers.optimizer.LBFGSMove;
import io.ketju.pipeline.SearchSums;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.reduction.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One parameter that {@link LBFGS} moves, with what is kept of it: {@code d} is the direction, {@code previous} the gradient where
 * the iteration began.
 *
 * @param states in the order of {@link LBFGS#states}
 */
record SearchedParameter(
        String name, Tensor value, Tensor gradient, List<Tensor> states, LBFGS options, Kernels kernels) {
    /** Those that the stage owns and that learn, in their order. */
    static List<SearchedParameter> of(ParameterBlock parameters, LBFGS options, Kernels kernels) {
        Set<String> owned = parameters.values().stream().map(NamedTensor::name).collect(Collectors.toSet());
        List<SearchedParameter> searched = new ArrayList<>();
        for (NamedTensor gradient : parameters.gradients()) {
            String name = gradient.name();
            if (owned.contains(name)) {
                List<Tensor> states = parameters.states().stream()
                        .filter(state -> state.parameter().equals(name))
                        .map(StateTensor::tensor)
                        .toList();
                searched.add(new SearchedParameter(
                        name, parameters.value(name), gradient.tensor(), states, options, kernels));
            }
        }
        return searched;
    }

    private Tensor direction() {
        return states.get(0);
    }

    private Tensor previous() {
        return states.get(1);
    }

    /** Where the iteration began; with a line search alone. */
    private Tensor initial() {
        return states.get(2);
    }

    /** The gradient that was kept; with a line search alone. */
    private Tensor kept() {
        return states.get(3);
    }

    private Tensor move(int place) {
        return states.get(options.firstMove() + place);
    }

    private Tensor change(int place) {
        return states.get(options.firstMove() + options.historySize() + place);
    }

    /** Writes the parameter's doubles to their places. */
    void measure(SearchSums places, int pairs, double[] sums) {
        sums[SearchSums.SQUARES] = kernels.reduction().squaredNorm(gradient);
        sums[SearchSums.MAGNITUDES] = kernels.reduction().absoluteNorm(gradient);
        sums[SearchSums.SLOPE] = kernels.reduction().dot(gradient, direction());
        sums[SearchSums.WITH_PREVIOUS] = kernels.reduction().dot(gradient, previous());
        sums[SearchSums.LARGEST] = largest(gradient);
        sums[SearchSums.REACH] = largest(direction());
        for (int place = 0; place < pairs; place++) {
            sums[places.move(place)] = kernels.reduction().dot(gradient, move(place));
            sums[places.change(place)] = kernels.reduction().dot(gradient, change(place));
        }
    }

    private double largest(Tensor of) {
        float most = kernels.reduction().all(Reduction.MAX, of);
        float least = kernels.reduction().all(Reduction.MIN, of);
        return Math.max(Math.abs(most), Math.abs(least));
    }

    /** Does what is to be done with every parameter. */
    void perform(LBFGSMove next) {
        switch (next) {
            case LBFGSMove.Keep keep -> kept().copyFrom(gradient);
            case LBFGSMove.Restore restore ->
                gradient.copyFrom(restore.from() == LBFGSMove.From.KEPT ? kept() : previous());
            case LBFGSMove.Remember pair -> {
                kernels.elementwise().scale((float) pair.t(), direction(), move(pair.place()));
                kernels.elementwise().binary(Binary.SUBTRACT, gradient, previous(), change(pair.place()));
            }
            case LBFGSMove.Direct direct -> direct(direct);
            case LBFGSMove.Begin begin -> {
                previous().copyFrom(gradient);
                if (options.strongWolfe()) {
                    initial().copyFrom(value);
                }
            }
            case LBFGSMove.Go go -> kernels.elementwise().addScaled((float) go.t(), direction(), value);
            case LBFGSMove.Place place -> {
                value.copyFrom(initial());
                kernels.elementwise().addScaled((float) place.t(), direction(), value);
            }
        }
    }

    private void direct(LBFGSMove.Direct direct) {
        kernels.elementwise().scale((float) direct.ofGradient(), gradient, direction());
        for (LBFGSMove.Direct.Term term : direct.terms()) {
            kernels.elementwise().addScaled((float) term.ofMove(), move(term.place()), direction());
            kernels.elementwise().addScaled((float) term.ofChange(), change(term.place()), direction());
        }
    }
}
