package io.ketju.tensor.kernel.formula;

import java.util.List;

/** A part of a formula: a number or a truth value of each element. */
sealed interface Term permits Expression, Condition {
    /** What it is made of directly. */
    List<? extends Term> parts();
}
