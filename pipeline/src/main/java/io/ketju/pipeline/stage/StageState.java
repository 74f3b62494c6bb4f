package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The names under which a stage's tensors are known everywhere: a parameter by its global name ({@code 0.weight}), its
 * optimizer state by {@code optimizer/0.weight/exp_avg}.
 */
public final class StageState {
    /** What the names of optimizer state begin with; parameters never do. */
    public static final String OPTIMIZER = "optimizer/";

    private StageState() {}

    /** The name of one of a parameter's state tensors. */
    public static String optimizerState(String parameter, String state) {
        return OPTIMIZER + parameter + "/" + state;
    }

    /** All values in parameter order, then all state in the same order. The tensors are the live ones. */
    static SequencedMap<String, Tensor> tensors(ParameterBlock parameters, List<String> stateNames) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        List<NamedTensor> values = parameters.values();
        List<NamedTensor> states = parameters.states();
        values.forEach(value -> tensors.put(value.name(), value.tensor()));
        for (int i = 0; i < states.size(); i++) {
            String parameter = parameters.stateOwners().get(i);
            String state = stateNames.get(i % stateNames.size());
            tensors.put(optimizerState(parameter, state), states.get(i).tensor());
        }
        return Collections.unmodifiableSequencedMap(tensors);
    }

    /**
     * Copies loaded tensors into live ones. Every parameter must be there; optimizer state wholly or not at all, in
     * which case it becomes zero. Names that are not in {@code live} are left alone: other stages own them. Throws
     * {@link IllegalArgumentException} naming the tensor, before anything is changed.
     */
    static void load(Map<String, Tensor> live, Map<String, ? extends Tensor> loaded) {
        boolean withState = live.keySet().stream().anyMatch(name -> isState(name) && loaded.containsKey(name));
        live.forEach((name, target) -> {
            Tensor source = loaded.get(name);
            if (source == null && (withState || !isState(name))) {
                throw new IllegalArgumentException("weights: '" + name + "' " + target.shape() + " is missing");
            } else if (source != null && (!source.shape().equals(target.shape()) || source.dtype() != target.dtype())) {
                throw new IllegalArgumentException(
                        "weights: '" + name + "': expected " + target + " of the model, found " + source);
            }
        });
        live.forEach((name, target) -> {
            Tensor source = loaded.get(name);
            if (source == null) {
                target.clear();
            } else {
                target.copyFrom(source);
            }
        });
    }

    private static boolean isState(String name) {
        return name.startsWith(OPTIMIZER);
    }
}
