package io.ketju.layers.model;

import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Multiplicative attention (Luong, Pham and Manning 2015, section 3.1): each query [B, T, dim] gets the mean of the memory [B,
 * S, dim], weighted by softmax of {@code q · m}, or of {@code (q · Wᵀ) · m} for the general score. Parameter of that:
 * linear_in.weight [dim, dim].
 *
 * @param dim features of queries and memory
 * @param general whether there is a weight between them
 */
public record LuongAttention(int dim, boolean general) implements Wiring {
    public static final Entry<LuongAttention> ENTRY = Description.of(
                    "LuongAttention", "Multiplicative attention to a memory")
            .required("dim", "features of queries and memory")
            .optional("score", "general", "dot, or general: with a weight between query and memory")
            .formula("y = softmax((q · linear_in.weightᵀ) · memoryᵀ) · memory")
            .shapes(
                    "queries [samples, steps, dim] and memory [samples, positions, dim], then lengths int32 [samples] if the"
                            + " memory is padded; to [samples, steps, dim]")
            .parameters("linear_in.weight [dim, dim] of the general score")
            .source("Luong et al. 2015, section 3.1")
            .readBy(arguments -> new LuongAttention(
                    arguments.integer("dim"),
                    arguments.word("score", "dot", "general").equals("general")));

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        Wiring.require(inputs, 2, 3, "queries and a memory, then its lengths if it is padded");
        Value query = inputs.getFirst();
        Value asked = general ? model.add("linear_in", new Linear(dim, dim).withoutBias(), query) : query;
        List<Value> operands = new ArrayList<>(List.of(asked, inputs.get(1), inputs.get(1)));
        operands.addAll(inputs.subList(2, inputs.size()));
        ScaledDotProductAttention core = new ScaledDotProductAttention(1).withScale(1);
        return List.of(model.add("attention", core, operands.toArray(Value[]::new)));
    }
}
