package io.ketju.layers.shape;

import io.ketju.layers.Increment;
import io.ketju.layers.Layer;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Its input, as torch.nn.Identity; a view. */
public record Identity() implements View {
    public static final Entry<Layer> ENTRY = Description.of("Identity", "Its input; a view")
            .formula("y = x")
            .shapes("any, to the same")
            .source("torch.nn.Identity")
            .always(new Identity());

    @Override
    public Spec spec() {
        return Spec.of("Identity");
    }

    @Override
    public TensorType output(TensorType input) {
        return input;
    }

    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return Increment.positionwise(this, given);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
