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

    /** The next operand of a call; it is overwritten if a result is {@link #set}. */
    public Element operand(String name) {
        operands.add(name);
        return new Element(operands.size() - 1);
    }

    /** The next number of a call. */
    public Expression scalar(String name) {
        scalars.add(name);
        return new Scalar(scalars.size() - 1);
    }

    /** What the operand becomes. All results are computed from what operands were before. */
    public void set(Element operand, Expression value) {
        if (results.put(operand.operand(), value) != null) {
            throw new IllegalArgumentException("two results for operand " + operands.get(operand.operand()));
        }
    }

    Formula build(String name) {
        return new Formula(name, operands, scalars, results);
    }
}
