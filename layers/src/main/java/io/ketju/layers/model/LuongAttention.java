package io.ketju.layers.model;

import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Multiplicative attention (Luong, Pham and Manning 2015, section 3.1, equation 8): each query q [B, T, dim] gets the mean of the memory m
 * [B, S, dim], weighted by softmax of a score.
 *
 * @param dim features of queries and memory
 * @param score how they are compared
 */
public record LuongAttention(int dim, Score score) implements Wiring {
    /** How a query is compared with the memory. */
    public enum Score {
        /** {@code q · m}: nothing is learnt. */
        DOT,
        /** {@code (q · Wᵀ) · m}, with the parameter linear_in.weight [dim, dim]. */
        GENERAL,

        /**
         * {@code v · tanh(W [q; m])}, with the parameters linear_query.weight and linear_memory.weight [dim, dim], the two halves of W, and
         * v.weight [1, dim].
         */
        CONCAT
    }

    public static final Entry<LuongAttention> ENTRY = Description.of(
                    "LuongAttention", "Multiplicative attention to a memory")
            .required("dim", "features of queries and memory")
            .optional(
                    "score", "general", "dot; general: with a weight between; concat: by a layer of neurons over both")
            .formula("y = softmax(score) · memory; score: q · m, (q · linear_in.weightᵀ) · m or v.weight ·"
                    + " tanh(linear_query.weight · q + linear_memory.weight · m)")
            .shapes(
                    "queries [samples, steps, dim] and memory [samples, positions, dim], then lengths int32 [samples] if the"
                            + " memory is padded; to [samples, steps, dim]")
            .parameters(
                    "general: linear_in.weight [dim, dim]; concat: linear_query.weight, linear_memory.weight [dim, dim],"
                            + " v.weight [1, dim]")
            .source("Luong et al. 2015, section 3.1, equation 8")
            .readBy(arguments -> new LuongAttention(
                    arguments.integer("dim"),
                    Score.valueOf(
                            arguments.word("score", "dot", "general", "concat").toUpperCase(Locale.ROOT))));

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        Wiring.require(inputs, 2, 3, "queries and a memory, then its lengths if it is padded");
        return List.of(score == Score.CONCAT ? ofBoth(model, inputs) : ofProducts(model, inputs));
    }

    private Value ofBoth(ModelBuilder model, List<Value> inputs) {
        AdditiveAttention.Names names = new AdditiveAttention.Names("linear_query", "linear_memory", "v");
        return new AdditiveAttention(dim, dim, dim).attend(model, names, inputs);
    }

    private Value ofProducts(ModelBuilder model, List<Value> inputs) {
        Value query = inputs.getFirst();
        Value asked =
                score == Score.GENERAL ? model.add("linear_in", new Linear(dim, dim).withoutBias(), query) : query;
        List<Value> operands = new ArrayList<>(List.of(asked, inputs.get(1), inputs.get(1)));
        operands.addAll(inputs.subList(2, inputs.size()));
        ScaledDotProductAttention core = new ScaledDotProductAttention(1).withScale(1);
        return model.add("attention", core, operands.toArray(Value[]::new));
    }
}
