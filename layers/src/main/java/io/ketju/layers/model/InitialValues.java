package io.ketju.layers.model;

import io.ketju.layers.Parameter;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.optimizer.Glob;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Weights of a model that start otherwise than their layers say.
 *
 * @param names which, by their global names; {@code *} stands for any letters, dots among them, and {@code ?} for one
 * @param initializer what they start as
 */
public record InitialValues(String names, Initializer initializer) {
    private static final Pattern RULE = Pattern.compile("\\s*(\\S+)\\s*=\\s*(.+)");

    /**
     * Reads a rule.
     *
     * @param text names, an equals sign and an initializer: {@code *.weight = xavier_uniform(gain=1)}
     * @return the rule; whether a model has such names is not looked at
     * @throws IllegalArgumentException if it is no such rule
     */
    public static InitialValues parse(String text) {
        Matcher rule = RULE.matcher(text);
        if (!rule.matches()) {
            throw new IllegalArgumentException(
                    "expected a rule such as '*.bias = zeros', found '" + Excerpt.of(text.strip()) + "'");
        }
        return new InitialValues(rule.group(1), Initializers.parse(rule.group(2)));
    }

    /** Throws {@link IllegalArgumentException} with one line if names match nothing or a weight's shape cannot be filled. */
    static void require(List<InitialValues> all, List<Node> nodes) {
        for (InitialValues one : all) {
            List<String> weights = new ArrayList<>();
            for (Node node : nodes) {
                for (int i = 0; i < node.parameters().size(); i++) {
                    Parameter parameter = node.layer().parameters().get(i);
                    if (parameter.learns()) {
                        weights.add(node.parameters().get(i));
                        one.applied(node.parameters().get(i), parameter);
                    }
                }
            }
            Glob.requireMatch(one.names, weights);
        }
    }

    /** A parameter as it starts by this: changed if it is a weight of these names. */
    Parameter applied(String name, Parameter parameter) {
        if (!parameter.learns() || !Glob.matches(names, name)) {
            return parameter;
        }
        try {
            return new Parameter(parameter.name(), parameter.shape(), initializer);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    /** The text that reads back. */
    @Override
    public String toString() {
        return names + " = " + initializer.spec();
    }
}
