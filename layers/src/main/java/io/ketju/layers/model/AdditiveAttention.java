package io.ketju.layers.model;

import io.ketju.layers.attention.AdditiveScores;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Additive attention (Bahdanau, Cho and Bengio 2015, section 3.1 and A.1.2): each query [B, T, queryDim] gets the mean of the
 * memory [B, S, memoryDim], weighted by softmax of {@code v · tanh(W q + U m)}. Parameters, without biases:
 * query_layer.weight [attentionDim, queryDim], which is W, memory_layer.weight [attentionDim, memoryDim], U, and v.weight [1,
 * attentionDim].
 *
 * @param queryDim features of a query
 * @param memoryDim features of the memory
 * @param attentionDim neurons of the layer that scores
 */
public record AdditiveAttention(int queryDim, int memoryDim, int attentionDim) implements Wiring {
    public static final Entry<AdditiveAttention> ENTRY = Description.of(
                    "AdditiveAttention", "Attention to a memory, scored by a layer of neurons")
            .required("query_dim", "features of a query")
            .required("memory_dim", "features of the memory")
            .required("attention_dim", "neurons of the layer that scores")
            .formula("y = softmax(v.weight · tanh(query_layer.weight · q + memory_layer.weight · m)) · memory")
            .shapes(
                    "queries [samples, steps, query_dim] and memory [samples, positions, memory_dim], then lengths int32"
                            + " [samples] if the memory is padded; to [samples, steps, memory_dim]")
            .parameters(
                    "query_layer.weight [attention_dim, query_dim], memory_layer.weight [attention_dim, memory_dim],"
                            + " v.weight [1, attention_dim]")
            .source("Bahdanau et al. 2015, sections 3.1 and A.1.2")
            .readBy(arguments -> new AdditiveAttention(
                    arguments.integer("query_dim"),
                    arguments.integer("memory_dim"),
                    arguments.integer("attention_dim")));

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        Wiring.require(inputs, 2, 3, "queries and a memory, then its lengths if it is padded");
        return List.of(attend(model, new Names("query_layer", "memory_layer", "v"), inputs));
    }

    /** What the three layers with parameters are called. */
    record Names(String query, String memory, String scores) {}

    /** Projections, scores, and attention whose scores are these alone. */
    Value attend(ModelBuilder model, Names names, List<Value> inputs) {
        Value memory = inputs.get(1);
        Value q = model.add(names.query(), new Linear(queryDim, attentionDim).withoutBias(), inputs.getFirst());
        Value k = model.add(names.memory(), new Linear(memoryDim, attentionDim).withoutBias(), memory);
        Value scores = model.add(names.scores(), new AdditiveScores(attentionDim), q, k);
        List<Value> operands = new ArrayList<>(List.of(q, k, memory));
        operands.addAll(inputs.subList(2, inputs.size()));
        operands.add(scores);
        ScaledDotProductAttention core = new ScaledDotProductAttention(1).withScale(0);
        return model.add("attention", core, operands.toArray(Value[]::new));
    }
}
