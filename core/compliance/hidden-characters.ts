/**
 * What Unicode lets a screen draw as nothing (Default_Ignorable_Code_Point: tags, fillers, marks of direction, soft hyphens), its breaks
 * of lines and marks of notes. Not the two joiners that scripts and emoji need, nor the two selectors of a symbol's look.
 */
export const hiddenCharacter = /(?!\u200c|\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point}|[\u2028\u2029\u2800\ufff9-\ufffb]/u
