package io.ketju.data.image;

/** Whether an image file is turned into its negative before a model judges it. */
public enum Inversion {
    /** If its border is brighter than middle grey: known image sets are light on dark, paper is dark on light. */
    AUTO,
    /** Every file. */
    ALWAYS,
    /** No file. */
    NEVER
}
