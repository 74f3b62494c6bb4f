package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;

/**
 * A network that acts and one that knows what to expect, for policy gradients with a baseline (Williams 1992; Sutton and Barto 2018,
 * section 13.4): each a linear layer, tanh and a linear layer. {@value #STATE} [samples, states] to the scores of the actions, the
 * logarithms of their probabilities but for a constant, [samples, actions], and the value of the state, [samples, 1]. Parameters:
 * policy.0.weight, policy.2.weight, value.0.weight, value.2.weight and their biases.
 *
 * @param states numbers that say how the world is
 * @param hidden neurons between the linear layers
 * @param actions that there are
 */
public record PolicyNetwork(int states, int hidden, int actions) {
    /** The input, float32 [samples, states]. */
    public static final String STATE = "state";

    /** What the layers are called that score actions. */
    public static final String POLICY = "policy";

    /** What the layers are called that know what to expect. */
    public static final String VALUE = "value";

    static final Entry<Model> ENTRY = Description.of(
                    "policy_network", "Scores of actions, and the value of the state, for policy gradients")
            .optional("states", 4, "numbers that say how the world is")
            .optional("hidden", 32, "neurons between the linear layers")
            .optional("actions", 2, "actions that there are")
            .source("Williams 1992; Sutton and Barto 2018, section 13.4")
            .readBy(arguments -> new PolicyNetwork(
                            arguments.integer("states"), arguments.integer("hidden"), arguments.integer("actions"))
                    .model());

    /**
     * What the networks give, in the graph that is built: how they learn is up to whoever adds heads.
     *
     * @param scores of the actions, [samples, actions]
     * @param value of the state, [samples, 1]
     */
    public record Outputs(Value scores, Value value) {}

    /** {@return the two networks without losses; the outputs are the scores, then the value} */
    public Model model() {
        ModelBuilder model = new ModelBuilder();
        Outputs outputs = in(model);
        return model.output(outputs.scores()).output(outputs.value()).build();
    }

    /**
     * Adds both networks and their input to a graph.
     *
     * @param model of which no input is called {@value #STATE}
     * @return what the networks give
     */
    public Outputs in(ModelBuilder model) {
        Value state = model.input(Input.samples(STATE, DType.FLOAT32, Shape.of(states)));
        return new Outputs(model.add(POLICY, network(actions), state), model.add(VALUE, network(1), state));
    }

    private Sequential network(int outputs) {
        return Sequential.of(new Linear(states, hidden), Activations.tanh(), new Linear(hidden, outputs));
    }
}
