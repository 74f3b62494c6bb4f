/**
 * Text as numbers. A {@link io.ketju.data.text.Tokenizer} cuts a text into tokens, a {@link io.ketju.data.text.Vocabulary}
 * numbers those of the training text, and a {@link io.ketju.data.text.TextEncoding} is both, as a run keeps it.
 *
 * <pre>
 * TextSource ──► EncodingChoice ──► TextEncoding ──┬─► TextWindows  next tokens of one text
 *                                                  ├─► WordWindows  words with those around them
 *                                                  └─► TextPairs    TextLines: translations, or classes of lines
 * </pre>
 *
 * <p>What is large is not held: {@link io.ketju.data.text.LargeText} goes through a text part by part, {@link
 * io.ketju.data.text.TextLines} through lines, and numbers of tokens lie in a temporary file, of which the heap has a few bytes for each
 * line.
 */
@NullMarked
package io.ketju.data.text;

import org.jspecify.annotations.NullMarked;
