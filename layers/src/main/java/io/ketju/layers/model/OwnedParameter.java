package io.ketju.layers.model;

import io.ketju.layers.Parameter;
import io.ketju.layers.TouchedRows;
import io.ketju.layers.model.ParameterBlock.StateTensor;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.Optimizer.Gradients;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of a block with everything that belongs to it. Each use has a gradient of its own, the first its owner's: so
 * the sum over the uses does not depend on the order in which micro-batches pass them. What is frozen has neither gradients nor
 * an optimizer with its state.
 */
record OwnedParameter(
        String name,
        Parameter parameter,
        Tensor value,
        Optional<Optimizer> optimizer,
        List<TableRows> uses,
        List<StateTensor> states) {
    Tensor gradient() {
        return uses.getFirst().tensor();
    }

    /** The rows that an update changes; null for all. */
    @Nullable
    TouchedRows updated() {
        boolean byRows = optimizer.isPresent() && optimizer.get().gradients() != Gradients.BOTH_AS_WHOLE;
        return byRows ? uses.getFirst().rows() : null;
    }

    /** One step of its optimizer. */
    void update(Kernels kernels, SparseSteps rows, double rate, long step) {
        Optimizer chosen = optimizer.orElseThrow();
        List<Tensor> tensors = new ArrayList<>(List.of(value));
        states.forEach(state -> tensors.add(state.tensor()));
        int kept = tensors.size();
        tensors.add(gradient());
        Consumer<List<Tensor>> update =
                parts -> chosen.update(kernels, rate, step, parts.getFirst(), parts.getLast(), parts.subList(1, kept));
        rows.change(kernels, passedOver(chosen, rate), tensors, kept, update);
    }

    /** The rows that a pass goes over; null for all, also where the others stay as they are. */
    private @Nullable TouchedRows passedOver(Optimizer chosen, double rate) {
        TouchedRows touched = updated();
        boolean all = touched != null && touched.isMost() && chosen.staysWithoutGradient() && rate > 0;
        return all ? null : touched;
    }
}
