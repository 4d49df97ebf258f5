/** Why ringing a call taker came to nothing; the call and the desk speak of it in the same words. */
export type OfferFailure =
  | 'no-answer'
  | 'declined'
  | 'unreachable'
  /** The caller hung up while it rang: no fault of the call taker's. */
  | 'caller-left'
  /** The call taker signed off or lost the phone while it rang. */
  | 'withdrawn';
