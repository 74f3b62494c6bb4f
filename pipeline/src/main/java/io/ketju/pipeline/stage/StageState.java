package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.ParameterBlock.StateTensor;
import io.ketju.pipeline.Recipe;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The names under which a stage's tensors are known everywhere: a parameter by its global name ({@code 0.weight}), its
 * optimizer state by {@code optimizer/0.weight/exp_avg}, its average by {@code average/0.weight}.
 */
public final class StageState {
    /** What the names of optimizer state begin with; parameters never do. */
    public static final String OPTIMIZER = "optimizer/";

    /** What the names of averages begin with; neither parameters nor their state do. */
    public static final String AVERAGE = "average/";

    /** The state that counts a parameter's updates, as in PyTorch. */
    public static final String STEP = "step";

    /** What an optimizer that looks at the whole model keeps of it, under the name of the first parameter that learns. */
    public static final String MEMORY = "memory";

    /**
     * A tensor that a checkpoint has beside those of each parameter.
     *
     * @param name in the checkpoint
     * @param shape of its float32 elements
     */
    public record Kept(String name, Shape shape) {}

    private StageState() {}

    /**
     * {@return what the optimizer of a recipe keeps of the whole model, if anything}
     *
     * @param recipe with its optimizer and model
     */
    public static Optional<Kept> memory(Recipe recipe) {
        return StageSearch.kept(recipe);
    }

    /**
     * {@return the name of one of a parameter's state tensors}
     *
     * @param parameter its global name
     * @param state what the optimizer calls it: {@code exp_avg}
     */
    public static String optimizerState(String parameter, String state) {
        return OPTIMIZER + parameter + "/" + state;
    }

    /**
     * {@return the name of a parameter's average}
     *
     * @param parameter its global name
     */
    public static String average(String parameter) {
        return AVERAGE + parameter;
    }

    /**
     * {@return the name of the parameter that a tensor belongs to: its own, or that of which it is state or average}
     *
     * @param tensor name of a parameter, of its state or of its average
     */
    public static String parameterOf(String tensor) {
        if (isAverage(tensor)) {
            return tensor.substring(AVERAGE.length());
        }
        int end = tensor.lastIndexOf('/');
        return isState(tensor) && end > OPTIMIZER.length() ? tensor.substring(OPTIMIZER.length(), end) : tensor;
    }

    /**
     * Values in parameter order, then all state in the same order, then counts of updates where there are any, then
     * what an optimizer keeps of the whole model, then averages. The tensors are the live ones.
     */
    static SequencedMap<String, Tensor> tensors(
            List<NamedTensor> values, ParameterBlock parameters, List<NamedTensor> memory, List<NamedTensor> averages) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        values.forEach(value -> tensors.put(value.name(), value.tensor()));
        for (StateTensor state : parameters.states()) {
            tensors.put(optimizerState(state.parameter(), state.state().name()), state.tensor());
        }
        parameters.counts().forEach(count -> tensors.put(optimizerState(count.name(), STEP), count.tensor()));
        memory.forEach(kept -> tensors.put(kept.name(), kept.tensor()));
        averages.forEach(average -> tensors.put(average(average.name()), average.tensor()));
        return Collections.unmodifiableSequencedMap(tensors);
    }

    /**
     * Copies loaded tensors into live ones, and says whether optimizer state was among them. Every parameter must be there;
     * optimizer state wholly or not at all, in which case it is left as it is, and averages likewise. Names that are not in
     * {@code live} are left alone: other stages own them. Throws {@link IllegalArgumentException} naming the tensor, before anything is changed.
     */
    static boolean load(Map<String, Tensor> live, Map<String, ? extends Tensor> loaded) {
        boolean withState = live.keySet().stream().anyMatch(name -> isState(name) && loaded.containsKey(name));
        boolean withAverages = hasAverages(live, loaded);
        live.forEach((name, target) -> {
            Tensor source = loaded.get(name);
            if (source == null && (isAverage(name) ? withAverages : withState || !isState(name))) {
                throw new IllegalArgumentException("weights: '" + name + "' " + target.shape() + " is missing");
            } else if (source != null && (!source.shape().equals(target.shape()) || source.dtype() != target.dtype())) {
                throw new IllegalArgumentException(
                        "weights: '" + name + "': expected " + target + " of the model, found " + source);
            }
        });
        live.forEach((name, target) -> {
            Tensor source = loaded.get(name);
            if (source != null) {
                target.copyFrom(source);
            }
        });
        return withState;
    }

    /** Whether this is the name of a parameter's count of updates. */
    static boolean isCount(String name) {
        return isState(name) && name.endsWith("/" + STEP);
    }

    /**
     * {@return whether this is the name of a parameter's average}
     *
     * @param name of any tensor of a stage
     */
    public static boolean isAverage(String name) {
        return name.startsWith(AVERAGE);
    }

    /** Whether averages are among what is loaded. */
    static boolean hasAverages(Map<String, Tensor> live, Map<String, ? extends Tensor> loaded) {
        return live.keySet().stream().anyMatch(name -> isAverage(name) && loaded.containsKey(name));
    }

    private static boolean isState(String name) {
        return name.startsWith(OPTIMIZER);
    }
}
