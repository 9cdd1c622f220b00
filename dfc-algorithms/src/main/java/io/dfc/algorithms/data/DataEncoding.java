package io.dfc.algorithms.data;

/**
 * How inputs and answers of a data set become numbers: what has to be known to feed a trained
 * network with new samples and to name what it answers.
 */
public sealed interface DataEncoding permits ImageEncoding, TableEncoding {
    /** {@return the length of an input} */
    int inputs();

    /** {@return how answers become numbers} */
    AnswerEncoding answer();
}
