/**
 * Tables: CSV files with a heading, whose columns become features and targets.
 *
 * <p>The path of one file: {@code Tables.open} reads it into a {@code Table}; {@code TableChoice} names features and targets;
 * {@code TableEncoding} looks at the training rows and fixes for each {@code TableColumn} how it becomes numbers (standardised, or
 * one input per word); {@code TableDataset} holds the numbers. A run keeps its encoding ({@code TableEncodingJson}), so that rows
 * of other files are read alike for prediction.
 */
@NullMarked
package io.ketju.data.table;

import org.jspecify.annotations.NullMarked;
