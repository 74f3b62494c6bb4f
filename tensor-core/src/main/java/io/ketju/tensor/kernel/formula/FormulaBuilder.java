package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Expression.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Declares operands and scalars of a {@link Formula}, in the order in which calls give them, and its results. */
public final class FormulaBuilder {
    private final List<String> operands = new ArrayList<>();
    private final List<String> scalars = new ArrayList<>();
    private final Map<Integer, Expression> results = new LinkedHashMap<>();

    /** One without operands, for {@link Formula#of}. */
    FormulaBuilder() {}

    /**
     * {@return the next operand of a call; it is overwritten if a result is {@link #set}}
     *
     * @param name what errors call it
     */
    public Element operand(String name) {
        operands.add(name);
        return new Element(operands.size() - 1);
    }

    /**
     * {@return the next number of a call}
     *
     * @param name what errors call it
     */
    public Expression scalar(String name) {
        scalars.add(name);
        return new Scalar(scalars.size() - 1);
    }

    /**
     * What an operand becomes. All results are computed from what operands were before.
     *
     * @param operand one of this builder
     * @param value its new element
     * @throws IllegalArgumentException if it has a result already
     */
    public void set(Element operand, Expression value) {
        if (results.put(operand.operand(), value) != null) {
            throw new IllegalArgumentException("two results for operand " + operands.get(operand.operand()));
        }
    }

    Formula build(String name) {
        return new Formula(name, operands, scalars, results);
    }
}
