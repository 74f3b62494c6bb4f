package io.ketju.onnx.graph;

import java.io.Serial;

/** A layer needs operators of a newer set than the graph is written in. */
public final class NewerOperatorsException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int operators;

    NewerOperatorsException(int operators) {
        super("needs set " + operators + " of the operators");
        this.operators = operators;
    }

    /** {@return the version of the set that is needed} */
    public int operators() {
        return operators;
    }
}
