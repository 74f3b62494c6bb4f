/**
 * Text as numbers. A {@link io.ketju.data.text.Tokenizer} cuts a text into tokens, a {@link io.ketju.data.text.Vocabulary}
 * numbers those of the training text, and a {@link io.ketju.data.text.TextEncoding} is both, as a run keeps it.
 *
 * <pre>
 * TextFile ──► Tokenizer ──► Vocabulary ──► TextEncoding ──┬─► TextWindows    next tokens of one text (LargeText: part by part)
 *                                                          ├─► LabelledTexts  classes of lines
 *                                                          └─► TextPairs      lines in two languages
 * </pre>
 */
@NullMarked
package io.ketju.data.text;

import org.jspecify.annotations.NullMarked;
