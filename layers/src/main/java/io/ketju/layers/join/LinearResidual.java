package io.ketju.layers.join;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Node;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.matrix.GemmEpilogue;
import io.ketju.tensor.kernel.matrix.MatrixView;
import java.util.List;
import java.util.Optional;

/** A linear layer and the sum with what a shortcut brings, added while the product is in the cache. */
// region joint
record LinearResidual(Linear linear) implements JoinedLayer {
    static Optional<JoinedLayer> of(List<Node> nodes) {
        return nodes.size() >= 2
                        && nodes.get(0).layer() instanceof Linear linear
                        && nodes.get(1).layer() instanceof Add
                        && nodes.get(1).inputs().size() == 2
                ? Optional.of(new LinearResidual(linear))
                : Optional.empty();
    }

    @Override
    public List<Layer> parts() {
        return List.of(linear, new Add());
    }

    @Override
    public Footprint footprint(List<TensorType> inputs) {
        return Footprint.NOTHING.weightGradientReading(Port.input(0));
    }

    @Override
    public void forward(Pass pass) {
        linear.forward(pass, GemmEpilogue.NONE.withResidual(MatrixView.of(pass.input(1), linear.outFeatures())));
    }

    @Override
    public void backwardInput(Pass pass) {
        if (pass.wantsGradient(1)) {
            pass.kernels().elementwise().copy(pass.gradOutput(0), pass.gradInput(1));
        }
        if (pass.wantsGradient(0)) {
            linear.backwardInput(pass);
        }
    }

    @Override
    public void backwardWeight(Pass pass) {
        linear.backwardWeight(pass);
    }
}
// end region
